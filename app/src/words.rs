//! Numbers in words.

use model::listing::grouped;

/// `1 user`, `1,240 users`.
pub fn counted(number: impl TryInto<i64>, what: &str) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    let many = if number == 1 { "" } else { "s" };
    format!("{} {what}{many}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!([0, 1, 1240].map(|number| counted(number, "user")), ["0 users", "1 user", "1,240 users"]);
        assert_eq!(counted(u64::MAX, "user"), "9,223,372,036,854,775,807 users");
    }
}
