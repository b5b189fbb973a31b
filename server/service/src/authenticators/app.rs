//! The authenticator app: TOTP (RFC 6238) with a key of its own, proven by one code of ±1 time step.

use super::{Authenticator, Broken, PageFacts, Pending, Proven, Verdict, otpauth, qr};
use model::{
    authentication::AuthenticationType,
    enrolling::Step,
    forms::VerifyForm,
    policy::{Algorithm, Policy, Totp},
};
use totp_rs::Builder;

/// Bytes of a key: the length of the hash function's output (RFC 4226 §4 R6, RFC 6238 §5.1).
const fn key_bytes(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Sha1 => 20,
        Algorithm::Sha256 => 32,
        Algorithm::Sha512 => 64,
    }
}

/// The hash function's name in the database.
pub const fn algorithm_code(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha1 => "sha1",
        Algorithm::Sha256 => "sha256",
        Algorithm::Sha512 => "sha512",
    }
}

/// The type *Authenticator app*.
#[derive(Clone, Copy, Debug)]
pub struct App;

impl Authenticator for App {
    fn kind(&self) -> AuthenticationType {
        AuthenticationType::App
    }

    fn begin(&self, policy: &Policy, fill: &mut dyn FnMut(&mut [u8])) -> Pending {
        let totp = policy.totp;
        let mut secret = vec![0; key_bytes(totp.algorithm)];
        fill(&mut secret);
        // The parameters are kept with the key: a policy changed between Start and Verify must not fail a right code.
        Pending { secret, data: serde_json::json!(totp).to_string() }
    }

    fn page(&self, pending: &Pending, facts: PageFacts<'_>) -> Result<Step, Broken> {
        let totp = parameters(pending)?;
        let address = otpauth::address(facts.organisation, facts.user_id, &pending.secret, totp);
        Ok(Step::App {
            qr: qr::modules(&address)?,
            key: otpauth::grouped_key(&pending.secret),
            address,
            digits: totp.digits,
            attempts_left: facts.attempts_left,
            stop: facts.stop,
            minutes_left: facts.minutes_left,
        })
    }

    fn prove(&self, pending: &Pending, form: &VerifyForm, at: i64) -> Result<Verdict, Broken> {
        let totp = parameters(pending)?;
        let code: String = form.code.chars().filter(|c| !c.is_whitespace()).collect();
        if code.len() != usize::from(totp.digits) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Verdict::NotACode { digits: totp.digits });
        }
        let step = generator(&pending.secret, totp)?.check(&code, seconds(at));
        Ok(match step.and_then(|step| i64::try_from(step).ok()) {
            Some(step) => Verdict::Proven(Proven {
                secret: pending.secret.clone(),
                algorithm: algorithm_code(totp.algorithm),
                digits: totp.digits,
                period: totp.period,
                step,
            }),
            None => Verdict::Wrong,
        })
    }
}

/// The code of a pending key at `at` milliseconds since 1970-01-01T00:00:00Z, as an app would show it: for sample data and tests.
///
/// # Errors
/// [`Broken`] when `pending` is not a key of this type.
pub fn code_at(pending: &Pending, at: i64) -> Result<String, Broken> {
    let totp = parameters(pending)?;
    Ok(generator(&pending.secret, totp)?.generate(seconds(at)).to_string())
}

fn parameters(pending: &Pending) -> Result<Totp, Broken> {
    serde_json::from_str(&pending.data).map_err(|_| Broken("its parameters are not those of an authenticator app"))
}

fn generator(secret: &[u8], totp: Totp) -> Result<totp_rs::Totp, Broken> {
    let algorithm = match totp.algorithm {
        Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
        Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
        Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
    };
    Builder::new()
        .with_algorithm(algorithm)
        .with_digits(totp.digits)
        .with_step_duration(u64::from(totp.period))
        .with_skew(1) // RFC 6238 §5.2: one step for the way and for slow hands
        .with_secret(secret.to_vec())
        .build()
        .map_err(|_| Broken("its parameters are not those of RFC 6238"))
}

fn seconds(at: i64) -> u64 {
    u64::try_from(at.div_euclid(1000)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(secret: &[u8], totp: Totp) -> Pending {
        Pending { secret: secret.to_vec(), data: serde_json::to_string(&totp).expect("JSON") }
    }

    fn sha1(digits: u8) -> Totp {
        Totp { algorithm: Algorithm::Sha1, digits, period: 30 }
    }

    fn typed(code: &str) -> VerifyForm {
        VerifyForm { code: code.to_owned() }
    }

    #[test]
    fn codes_are_those_of_rfc_4226_appendix_d() {
        let pending = pending(b"12345678901234567890", sha1(6));
        let expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in (0..).zip(expected) {
            assert_eq!(code_at(&pending, counter * 30_000).as_deref(), Ok(code), "counter {counter}");
        }
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        let digits = "1234567890".repeat(7);
        let vectors = [
            (59, ["94287082", "46119246", "90693936"]),
            (1_111_111_109, ["07081804", "68084774", "25091201"]),
            (1_111_111_111, ["14050471", "67062674", "99943326"]),
            (1_234_567_890, ["89005924", "91819424", "93441116"]),
            (2_000_000_000, ["69279037", "90698825", "38618901"]),
            (20_000_000_000, ["65353130", "77737706", "47863826"]),
        ];
        for (time, codes) in vectors {
            for (algorithm, code) in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512].into_iter().zip(codes) {
                let secret = &digits.as_bytes()[..key_bytes(algorithm)];
                let pending = pending(secret, Totp { algorithm, digits: 8, period: 30 });
                assert_eq!(code_at(&pending, time * 1000).as_deref(), Ok(code), "{algorithm:?} at {time}");
            }
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_step_late_and_no_longer() {
        let pending = pending(b"12345678901234567890", sha1(6));
        let now = 1_790_000_000_000;
        for (shift, good) in [(-60_000, false), (-30_000, true), (0, true), (30_000, true), (60_000, false)] {
            let code = code_at(&pending, now + shift).expect("a code");
            let verdict = App.prove(&pending, &typed(&code), now).expect("readable");
            assert_eq!(matches!(verdict, Verdict::Proven(_)), good, "{shift}");
        }
    }

    #[test]
    fn the_step_that_matched_is_told() {
        let pending = pending(b"12345678901234567890", sha1(6));
        let late = code_at(&pending, 900_000).expect("a code");
        let Ok(Verdict::Proven(proven)) = App.prove(&pending, &typed(&late), 930_000) else { panic!("not proven") };
        assert_eq!(proven.step, 30);
    }

    #[test]
    fn what_is_not_a_code_is_told_apart_from_a_wrong_one() {
        let pending = pending(b"12345678901234567890", sha1(6));
        for text in ["", " ", "12345", "1234567", "12345a", "+12345", "-12345", "１２３４５６", "0x1234", "[]"] {
            assert_eq!(App.prove(&pending, &typed(text), 0), Ok(Verdict::NotACode { digits: 6 }), "{text}");
        }
        assert_eq!(App.prove(&pending, &typed("000000"), 0), Ok(Verdict::Wrong));
        assert!(matches!(App.prove(&pending, &typed(" 755 224 "), 0), Ok(Verdict::Proven(_))));
    }

    #[test]
    fn a_policy_changed_meanwhile_fails_no_right_code() {
        let mut policy = Policy::default();
        let pending = App.begin(&policy, &mut |bytes| bytes.fill(9));
        policy.totp.digits = 8;
        let code = code_at(&pending, 0).expect("a code");
        assert_eq!(code.len(), 6);
        assert!(matches!(App.prove(&pending, &typed(&code), 0), Ok(Verdict::Proven(_))));
    }

    #[test]
    fn nothing_shows_the_key_by_accident() {
        let pending = App.begin(&Policy::default(), &mut |bytes| bytes.fill(0xAB));
        assert!(!format!("{pending:?}").contains("171"));
    }
}
