//! Roles: sets of rights by name.

use crate::{Answer, Tx, dialect};

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RoleRecord {
    /// The name.
    pub name: String,
    /// Its rights: names with spaces between.
    pub rights: String,
    /// It is as this version of Provost defines it.
    pub built_in: bool,
    /// Counts what was done to the row.
    pub version: i64,
    /// How many operators have it.
    pub operators: i64,
}

impl Tx {
    /// Every role, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn roles(&mut self) -> Answer<Vec<RoleRecord>> {
        on_db!(self, all RoleRecord,
            "select r.name, r.rights, r.built_in, r.version,
                    (select count(*) from operators o where o.role = r.name) as operators
               from roles r order by r.name")
    }

    /// One role, which stays as it is until this transaction ends; nobody is given it meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn lock_role(&mut self, name: &str) -> Answer<Option<RoleRecord>> {
        let lock = if dialect::for_update(self).is_empty() { "" } else { " for update of r" };
        let sql = format!(
            "select r.name, r.rights, r.built_in, r.version,
                    (select count(*) from operators o where o.role = r.name) as operators
               from roles r where r.name = $1{lock}"
        );
        on_db!(self, optional RoleRecord, sqlx::AssertSqlSafe(sql), name)
    }

    /// Adds a role.
    ///
    /// # Errors
    /// [`Constraint::RoleName`](crate::Constraint::RoleName) when the name is taken.
    pub async fn add_role(&mut self, name: &str, rights: &str, now: i64) -> Answer<()> {
        on_db!(self, execute "insert into roles (name, rights, made_at) values ($1, $2, $3)", name, rights, now)?;
        Ok(())
    }

    /// Changes the rights of a role of that version. False: somebody changed it meanwhile, or it is built in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn update_role(&mut self, name: &str, version: i64, rights: &str) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update roles set rights = $3, version = version + 1 where name = $1 and version = $2 and built_in = false",
            name, version, rights)?;
        Ok(changed > 0)
    }

    /// Removes a role that nobody has. False: somebody has it, or it is built in. Lock it first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_role(&mut self, name: &str) -> Answer<bool> {
        let removed = on_db!(self, execute
            "delete from roles where name = $1 and built_in = false and not exists (select 1 from operators where role = $1)", name)?;
        Ok(removed > 0)
    }
}
