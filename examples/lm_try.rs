use std::io::Read as _;
use obelus::article::Language;
use obelus::language::LanguageData;
use obelus::train::lm::*;
fn read(path:&std::path::Path)->String{let mut s=Vec::new();flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_end(&mut s).unwrap();String::from_utf8_lossy(&s).into_owned()}
fn main(){
 let dir=std::env::args().nth(1).unwrap(); let lang=std::env::args().nth(2).unwrap(); let keep:usize=std::env::args().nth(3).unwrap().parse().unwrap();
 let t=std::time::Instant::now();
 let data=LanguageData::of(&Language::parse(&lang).unwrap());
 let mut texts=vec![];
 let mut files:Vec<_>=std::fs::read_dir(format!("{dir}/train/mono")).unwrap().map(|f|f.unwrap().path()).filter(|p|p.file_name().unwrap().to_str().unwrap().starts_with(&format!("{lang}."))).collect(); files.sort();
 for f in files{ let name=f.file_name().unwrap().to_str().unwrap().to_owned(); if name.contains("wikitext2"){continue} let times=if name.contains("news"){2}else{1};
  let s=read(&f); let lines:Vec<&str>=s.lines().collect(); for c in lines.chunks(400){texts.push((c.join("\n"),times))} }
 eprintln!("read {:?} {} chunks",t.elapsed(),texts.len());
 let v=Vocabulary::of(&texts,data,3);
 let c=Corpus::of(&texts,data,&v);
 eprintln!("corpus {} words {:?}",c.len(),t.elapsed());
 let mut m=Trained::of(&c,&v);
 eprintln!("estimated {:?} {:?}",m.sizes(),t.elapsed());
 // test: clean news en
 let s=read(std::path::Path::new(&format!("{dir}/eval/clean-news.de-en.jsonl.gz")));
 let mut test=vec![]; for l in s.lines(){let v:serde_json::Value=serde_json::from_str(l).unwrap(); test.push((v["target"].as_str().unwrap().to_owned(),1))}
 let tc=Corpus::of(&test,data,&v);
 eprintln!("test words {} ppl unpruned {:.1}",tc.len(),m.perplexity(&tc));
 for k in [keep*2,keep,keep/2]{ m.prune(k); let b=m.pack(&v); eprintln!("keep {k}: {:?} ppl {:.1} bytes {} {:?}",m.sizes(),m.perplexity(&tc),b.len(),t.elapsed());
  let n=obelus::models::ngram::NgramModel::new(&b).unwrap(); let mut tot=0.0; let mut w=0; for sen in tc.sentences(){for i in 1..sen.len(){tot+=n.probability(&sen[..i],sen[i]).log10 as f64; w+=1;}} eprintln!("packed ppl {:.1}",10f64.powf(-tot/w as f64));
  std::fs::write(format!("/tmp/h/n/{lang}.{k}.lm"),&b).unwrap(); }
}
