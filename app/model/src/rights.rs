//! Rights and roles (spec §3.6). A role is a set of rights; every right is checked in the use case.

use serde::{Deserialize, Serialize};

macro_rules! rights {
    ($($variant:ident = $name:literal, $doc:literal;)*) => {
        /// One thing an operator may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u32)]
        pub enum Right { $(#[doc = $doc] #[serde(rename = $name)] $variant,)* }

        impl Right {
            /// Every right, in the order of the specification.
            pub const ALL: &'static [Right] = &[$(Right::$variant),*];

            /// The right's name, as operators read it and as the database stores it: `users.view`.
            pub const fn name(self) -> &'static str {
                match self { $(Right::$variant => $name),* }
            }

            /// What the right allows, in a sentence.
            pub const fn words(self) -> &'static str {
                match self { $(Right::$variant => $doc),* }
            }
        }
    };
}

rights! {
    UsersView = "users.view", "See users and their details.";
    UsersManage = "users.manage", "Add, edit, import, disable and delete users.";
    ProvisioningCreate = "provisioning.create", "Provision.";
    ProvisioningManage = "provisioning.manage", "Provisioning Task Management, Edit, Remove, New Stop Date, Unlock.";
    ProvisioningResend = "provisioning.resend", "Resend, and Retry of mail.";
    ProvisioningRedirect = "provisioning.redirect", "Resend to an address that is not the profile's.";
    TokensView = "tokens.view", "See tokens.";
    TokensManage = "tokens.manage", "Import and change tokens.";
    PolicyManage = "policy.manage", "Change the self-enrollment policy.";
    MessagesManage = "messages.manage", "See and change communications.";
    SettingsManage = "settings.manage", "Change settings.";
    OperatorsManage = "operators.manage", "Add, edit and disable operators and roles.";
    ReportsView = "reports.view", "See reports.";
    AuditView = "audit.view", "See the audit trail.";
    ApiManage = "api.manage", "Manage API keys.";
}

impl Right {
    /// The right of that name, or nothing.
    pub fn named(name: &str) -> Option<Right> {
        Right::ALL.iter().copied().find(|right| right.name() == name)
    }
}

/// A set of rights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights(u32);

impl Rights {
    /// Every right there is.
    pub fn all() -> Rights {
        Right::ALL.iter().copied().collect()
    }

    /// Does the set hold `right`?
    pub const fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u32) != 0
    }

    /// The rights of the set, in the order of the specification.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.iter().copied().filter(move |right| self.has(*right))
    }

    /// Reads a stored set: names with spaces between. A name that this version does not know grants nothing.
    pub fn from_names(names: &str) -> Rights {
        names.split_whitespace().filter_map(Right::named).collect()
    }

    /// The set as it is stored: names with spaces between.
    pub fn to_names(self) -> String {
        self.iter().map(Right::name).collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Rights {
        Rights(rights.into_iter().fold(0, |set, right| set | 1 << right as u32))
    }
}

/// A role every installation has from its first start; it cannot be edited or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// May do everything.
    Operator,
    /// Provisions and follows tasks.
    Provisioning,
    /// Finds users and resends to them.
    HelpDesk,
    /// Sees, and changes nothing.
    Auditor,
}

impl BuiltIn {
    /// All four, in the order of the specification.
    pub const ALL: [BuiltIn; 4] = [BuiltIn::Operator, BuiltIn::Provisioning, BuiltIn::HelpDesk, BuiltIn::Auditor];

    /// The role's name on screen, in the database and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            BuiltIn::Operator => "Operator",
            BuiltIn::Provisioning => "Provisioning",
            BuiltIn::HelpDesk => "Help Desk",
            BuiltIn::Auditor => "Auditor",
        }
    }

    /// What the role may do.
    pub fn rights(self) -> Rights {
        use Right::*;
        let rights: &[Right] = match self {
            BuiltIn::Operator => Right::ALL,
            BuiltIn::Provisioning => &[
                UsersView,
                ProvisioningCreate,
                ProvisioningManage,
                ProvisioningResend,
                ProvisioningRedirect,
                TokensView,
                ReportsView,
            ],
            BuiltIn::HelpDesk => &[UsersView, ProvisioningResend, TokensView],
            BuiltIn::Auditor => &[UsersView, TokensView, ReportsView, AuditView],
        };
        rights.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_set_comes_back_as_it_was() {
        for role in BuiltIn::ALL {
            assert_eq!(Rights::from_names(&role.rights().to_names()), role.rights());
        }
    }

    #[test]
    fn the_help_desk_may_resend_but_not_manage() {
        let rights = BuiltIn::HelpDesk.rights();
        assert!(rights.has(Right::ProvisioningResend));
        assert!(!rights.has(Right::ProvisioningManage));
        assert!(!rights.has(Right::ProvisioningRedirect));
    }

    #[test]
    fn an_unknown_name_grants_nothing() {
        assert_eq!(Rights::from_names("everything users.view"), [Right::UsersView].into_iter().collect());
    }
}
