// LanguageTool behind the contract of benches/peers/README.md: texts as JSON lines on standard input, findings on standard output.
//
// All rules that are on by default, spelling among them; no n-grams, no picky level, no mother tongue. English is en-US, because
// LanguageTool checks no spelling in an English of no country.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.languagetool.JLanguageTool;
import org.languagetool.Languages;
import org.languagetool.rules.RuleMatch;

public final class Peer {
  private static final int REPLACEMENTS = 3;
  private static final Map<String, String> WITH_A_COUNTRY = Map.of("en", "en-US", "de", "de-DE");

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    ObjectMapper json = new ObjectMapper();
    Map<String, JLanguageTool> checkers = new HashMap<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode text = json.readTree(line);
      String language = text.get("language").asText();
      JLanguageTool checker = checkers.computeIfAbsent(language, Peer::checker);
      String target = text.get("target").asText();
      ObjectNode answer = json.createObjectNode();
      answer.put("id", text.get("id").asText());
      ArrayNode findings = answer.putArray("findings");
      for (RuleMatch match : checker.check(target)) {
        ObjectNode finding = findings.addObject();
        // Java counts in UTF-16; the contract counts code points.
        finding.put("start", target.codePointCount(0, match.getFromPos()));
        finding.put("end", target.codePointCount(0, match.getToPos()));
        finding.put("rule", match.getSpecificRuleId());
        finding.put("message", match.getMessage());
        ArrayNode replacements = finding.putArray("replacements");
        match.getSuggestedReplacements().stream().limit(REPLACEMENTS).forEach(replacements::add);
      }
      out.println(json.writeValueAsString(answer));
    }
    out.flush();
  }

  private static JLanguageTool checker(String language) {
    return new JLanguageTool(Languages.getLanguageForShortCode(WITH_A_COUNTRY.getOrDefault(language, language)));
  }
}
