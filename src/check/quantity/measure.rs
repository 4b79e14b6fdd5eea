//! Figures in two units: miles and kilometres, days and hours.

use super::Quantity;

/// How far a conversion may be from exact, for it is rounded, too: on clean news 200 miles are 300 kilometres, 30 yards 25 metres.
const CONVERTED: f64 = 0.15;
/// The same where no unit is known, and between units of time, which are seldom rounded.
const CONVERTED_UNKNOWN: f64 = 0.02;
/// What one unit is of another, in news: kilometres and miles, metres and feet, metres and yards, centimetres and inches, hectares
/// and acres, square miles, kilograms and pounds, grams and ounces, litres and gallons, pints.
const UNITS: [f64; 10] = [1.609, 3.281, 1.094, 2.54, 2.471, 2.59, 2.205, 28.35, 3.785, 4.546];
/// Hours of days, minutes of hours, days of weeks and months, months of years, weeks of years and months, quarters of years.
const TIMES: [f64; 8] = [24.0, 60.0, 7.0, 30.0, 12.0, 52.0, 4.0, 3.0];

/// The code of degrees.
const DEGREES: &str = "deg";
/// Smaller figures, of which no unit is known, are as they stand.
const SMALLEST: f64 = 20.0;

/// Whether one is the other in another unit.
pub(in crate::check) fn is_converted(target: &Quantity, source: &Quantity) -> bool {
    let money = target.currency.is_some() && target.currency == source.currency;
    // Degrees have two scales of one name.
    let warm = [target, source].iter().any(|q| q.measure == Some(DEGREES));
    let same = target.measure.is_some() && target.measure == source.measure && !warm;
    if target.percent || target.year || money || same {
        return false;
    }
    let factor = (target.value / source.value).max(source.value / target.value);
    let close = |known: f64, leeway: f64| (factor - known).abs() <= leeway * known;
    let of_time = TIMES.iter().any(|&known| close(known, CONVERTED_UNKNOWN));
    let timed = [target, source].iter().any(|q| q.measure.is_some_and(is_time));
    if timed {
        return of_time;
    }
    let measured = target.unit || source.unit;
    if !measured && (target.in_words || source.in_words || target.value.max(source.value) < SMALLEST) {
        return false;
    }
    let leeway = if measured { CONVERTED } else { CONVERTED_UNKNOWN };
    let degrees = |c: f64, f: f64| (c.mul_add(1.8, 32.0) - f).abs() <= 2.0 || (c * 1.8 - f).abs() <= 1.0;
    of_time
        || UNITS.iter().any(|&known| (measured || known > 1.5) && close(known, leeway))
        || (warm && (degrees(target.value, source.value) || degrees(source.value, target.value)))
}

fn is_time(measure: &str) -> bool {
    matches!(measure, "s" | "min" | "h" | "d" | "w" | "mo" | "y")
}
