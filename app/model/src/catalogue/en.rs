//! English.

use super::{Catalogue, EnrollTexts, en_mail};

/// The English texts.
pub static ENGLISH: Catalogue =
    Catalogue { code: "en", name: "English", enroll: EnrollTexts { self_enrollment: "Self-enrollment" }, mail: en_mail::MAIL };
