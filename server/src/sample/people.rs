//! Two hundred people with names from many scripts.

const HEADER: &str = "user_id,first_name,last_name,email,mobile,container,language\r\n";

/// First and last names that go together; each list gives every pair of its two halves.
const NAMES: [(&[&str], &[&str]); 12] = [
    (&["Aiko", "Haruto", "Yui", "Ren"], &["Yamada", "Tanaka", "Kobayashi", "Mori", "Ito"]),
    (&["Sinéad", "Ciarán", "Aoife", "Declan"], &["O’Brien", "Ní Mhurchú", "Byrne", "Gallagher", "Kavanagh"]),
    (&["Łukasz", "Agnieszka", "Zofia", "Paweł"], &["Żółć", "Wiśniewska", "Dąbrowski", "Krawczyk"]),
    (&["رنا", "يوسف", "ليلى", "عمر"], &["حداد", "منصور", "الخطيب", "شاهين"]),
    (&["Phương", "Minh", "Trang", "Dũng"], &["Ngô", "Nguyễn", "Trần", "Phạm"]),
    (&["Ольга", "Дмитро", "Марія", "Андрій"], &["Шевченко", "Коваль", "Бондар", "Лисенко"]),
    (&["美咲", "翔太", "さくら", "健"], &["佐藤", "鈴木", "高橋", "山本"]),
    (&["Ελένη", "Νίκος", "Μαρία", "Γιώργος"], &["Παππά", "Γεωργίου", "Νικολάου", "Ιωάννου"]),
    (&["נועה", "איתן", "תמר", "אורי"], &["לוי", "כהן", "ברק", "שלום"]),
    (&["आरव", "अनन्या", "विवान", "दिया"], &["शर्मा", "पटेल", "गुप्ता", "नायर"]),
    (&["Jürgen", "Anneliese", "Käthe", "Günther"], &["Müller", "Größer", "Weiß", "Köhler"]),
    (&["Camille", "Théo", "Inès", "Noël"], &["Lefèvre", "D’Amboise", "Fournier", "Sánchez"]),
];

const CONTAINERS: [&str; 5] = ["Vienna", "Dublin", "Kraków", "Tokyo", ""];

/// The file that the demo imports.
pub fn csv() -> String {
    let pairs = NAMES.iter().enumerate().flat_map(|(list, (firsts, lasts))| {
        lasts.iter().flat_map(move |last| firsts.iter().map(move |first| (list, *first, *last)))
    });
    let mut file = HEADER.to_owned();
    for (number, (list, first, last)) in pairs.take(200).enumerate() {
        let user_id = user_id(list, number, first, last);
        let (container, mobile) = (CONTAINERS[number % CONTAINERS.len()], mobile(number));
        file.push_str(&format!("{user_id},{first},{last},{user_id}@contoso.example,{mobile},{container},\r\n"));
    }
    file
}

/// Everybody's UserID, in the order of the file.
pub fn user_ids() -> Vec<String> {
    csv().lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
}

/// `yamada.aiko` where the name is written in Latin letters, else a staff number: help desks know both kinds.
fn user_id(list: usize, number: usize, first: &str, last: &str) -> String {
    let plain = |name: &str| model::text::search_key(name).chars().filter(char::is_ascii_alphabetic).collect::<String>();
    match (plain(last), plain(first)) {
        (last, first) if last.len() > 1 && first.len() > 1 => format!("{last}.{first}"),
        _ => format!("staff{:04}", 1000 + list * 100 + number),
    }
}

fn mobile(number: usize) -> String {
    if number.is_multiple_of(3) { format!("+43 660 {:07}", 1_234_567 + number * 7_919) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_two_hundred_people_and_no_two_share_a_user_id() {
        let file = csv();
        let ids: HashSet<_> = file.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(ids.len(), file.lines().count() - 1);
        assert_eq!(ids.len(), 200);
    }
}
