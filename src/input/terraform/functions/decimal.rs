//! Decimal numbers that are calculated with exactly, and how Terraform shows numbers.

use std::cmp::Ordering;
use std::fmt;

/// The most digits after the point that are calculated with.
const MAX_SCALE: u32 = 30;

/// A number of at most 30 digits or so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// A whole number.
    pub(super) fn whole(number: i128) -> Self {
        Decimal {
            mantissa: number,
            scale: 0,
        }
    }

    /// Whether a text is a number.
    pub(super) fn is_number(text: &str) -> bool {
        Self::parts(text).is_some()
    }

    /// The digits before and after the point, and the exponent.
    fn parts(text: &str) -> Option<(bool, String, i64)> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, exponent) = match rest.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !is_digits(&digits) {
            return None;
        }
        let after = i64::try_from(fraction.len()).ok()?;
        Some((is_negative, digits, exponent.checked_sub(after)?))
    }

    /// Reads a number; `None` where it is none, or has too many digits.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (is_negative, digits, exponent) = Self::parts(text)?;
        let mantissa: i128 = digits.parse().ok()?;
        let mantissa = if is_negative { -mantissa } else { mantissa };
        let number = match u32::try_from(exponent) {
            Ok(power) => Decimal::whole(mantissa.checked_mul(10_i128.checked_pow(power)?)?),
            Err(_) => Decimal {
                mantissa,
                scale: u32::try_from(exponent.unsigned_abs()).ok()?,
            },
        };
        let number = number.reduced();
        (number.scale <= MAX_SCALE).then_some(number)
    }

    /// The number without zeros at the end of its fraction.
    fn reduced(mut self) -> Self {
        if self.mantissa == 0 {
            return Decimal::whole(0);
        }
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// A number as Terraform shows it, without an exponent.
    pub(super) fn shown(text: &str) -> String {
        match Decimal::read(text) {
            Some(number) => number.to_string(),
            None => text.to_owned(),
        }
    }

    /// Both numbers with as many digits after the point.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let up = |number: Self| {
            let factor = 10_i128.checked_pow(scale - number.scale)?;
            number.mantissa.checked_mul(factor)
        };
        Some((up(self)?, up(other)?, scale))
    }

    /// The sum, where it is calculated.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        let mantissa = left.checked_add(right)?;
        Some(Decimal { mantissa, scale }.reduced())
    }

    /// The product, where it is calculated.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(other.mantissa)?;
        let scale = self.scale.checked_add(other.scale)?;
        let product = Decimal { mantissa, scale }.reduced();
        (product.scale <= MAX_SCALE).then_some(product)
    }

    /// Which of two numbers is larger, where that is calculated.
    pub(super) fn compared(self, other: Self) -> Option<Ordering> {
        let (left, right, _) = self.aligned(other)?;
        Some(left.cmp(&right))
    }

    /// The number without its sign.
    pub(super) fn absolute(self) -> Self {
        Decimal {
            mantissa: self.mantissa.saturating_abs(),
            ..self
        }
    }

    /// The largest whole number that is not larger.
    pub(super) fn floor(self) -> Option<Self> {
        let unit = 10_i128.checked_pow(self.scale)?;
        Some(Decimal::whole(self.mantissa.div_euclid(unit)))
    }

    /// -1, 0 or 1.
    pub(super) fn sign(self) -> i128 {
        self.mantissa.signum()
    }

    /// The number with the other sign.
    pub(super) fn negative(self) -> Self {
        Decimal {
            mantissa: self.mantissa.saturating_neg(),
            ..self
        }
    }

    /// The number where it is whole.
    pub(super) fn integer(self) -> Option<i64> {
        match self.scale {
            0 => i64::try_from(self.mantissa).ok(),
            _ => None,
        }
    }

    /// The number as `%v` of a format has it: with an exponent from a million on.
    pub(super) fn general(self) -> String {
        let plain = self.to_string();
        let all = self.mantissa.unsigned_abs().to_string();
        let exponent = i64::try_from(all.len()).unwrap_or(0) - 1 - i64::from(self.scale);
        if self.mantissa == 0 || (-4..6).contains(&exponent) {
            return plain;
        }
        let digits = all.trim_end_matches('0');
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let point = if rest.is_empty() { "" } else { "." };
        let of_exponent = if exponent < 0 { "-" } else { "+" };
        let exponent = exponent.unsigned_abs();
        format!("{sign}{first}{point}{rest}e{of_exponent}{exponent:02}")
    }

    /// Whether it is whole.
    pub(super) fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// The number rounded to so many digits after the point, half away from zero where a half is exact.
    pub(super) fn fixed(self, digits: u32) -> Option<String> {
        let Some(dropped) = self.scale.checked_sub(digits) else {
            let zeros = "0".repeat((digits - self.scale) as usize);
            let point = if self.scale == 0 && digits > 0 {
                "."
            } else {
                ""
            };
            return Some(format!("{self}{point}{zeros}"));
        };
        if dropped == 0 {
            return Some(self.to_string());
        }
        let unit = 10_i128.checked_pow(dropped)?;
        let (quotient, rest) = (self.mantissa / unit, (self.mantissa % unit).abs());
        // A half is rounded to even.
        let is_up = rest * 2 > unit || (rest * 2 == unit && quotient % 2 != 0);
        let rounded = if is_up {
            quotient + self.mantissa.signum()
        } else {
            quotient
        };
        let number = Decimal {
            mantissa: rounded,
            scale: digits,
        };
        Some(number.to_string())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}
