//! English.

use super::{Catalogue, en_enroll, en_mail};

/// The English texts.
pub static ENGLISH: Catalogue = Catalogue { code: "en", name: "English", enroll: en_enroll::ENROLL, mail: en_mail::MAIL };
