//! English.

use super::{Catalogue, EnrollTexts, MailTexts};

/// The English texts.
pub static ENGLISH: Catalogue = Catalogue {
    code: "en",
    name: "English",
    enroll: EnrollTexts { self_enrollment: "Self-enrollment" },
    mail: MailTexts { enrollment_subject: "{organisation}: enroll your {type} by {stop_date}" },
};
