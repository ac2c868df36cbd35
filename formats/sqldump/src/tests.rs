//! Tests: one small dump for each trait of dumps, damaged dumps, and round trips.

#![allow(clippy::unwrap_used)]

use crate::*;
use proptest::prelude::*;
use std::io::Read;

/// Gives a few bytes at a time, as a slow pipe would.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.1 = self.1 % 7 + 1;
        let count = self.1.min(self.0.len()).min(out.len());
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn show(value: Value<'_>) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Number(text) => text.to_owned(),
        Value::Bytes(bytes) => format!("'{}'", bytes.escape_ascii()),
        Value::Expression(text) => format!("={}", text.escape_ascii()),
    }
}

/// Every event as one line.
fn drain<R: Read>(reader: &mut Reader<R>) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    while let Some(event) = reader.next()? {
        lines.push(match event {
            Event::CreateTable(table) => {
                let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
                format!("{}: {}", table.name, columns.join(" "))
            }
            Event::Row(row) => {
                let values: Vec<String> = row.values().map(show).collect();
                format!("{}({})", row.table().name, values.join(","))
            }
        });
    }
    Ok(lines)
}

fn read(dump: impl AsRef<[u8]>) -> Result<Vec<String>, Error> {
    let dump = dump.as_ref();
    let slow = drain(&mut Reader::new(Slow(dump, 0), Limits::default()));
    let fast = drain(&mut Reader::new(dump, Limits::default()));
    assert_eq!(format!("{slow:?}"), format!("{fast:?}"));
    fast
}

fn lines(dump: impl AsRef<[u8]>) -> Vec<String> {
    read(dump).unwrap()
}

#[test]
fn a_mysqldump_file() {
    let dump = "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n--\n# note\n\
        /*!40101 SET NAMES utf8mb4 */;\n/*!40103 SET TIME_ZONE='+00:00' */;\n\
        DROP TABLE IF EXISTS `wp_t`;\n/*!40101 SET character_set_client = utf8 */;\n\
        CREATE TABLE `wp_t` (\n  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,\n\
        \x20 `a``b` varchar(20) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT ',;)',\n\
        \x20 `kind` enum('x','it''s') NOT NULL DEFAULT 'x' COMMENT 'a, b',\n\
        \x20 PRIMARY KEY (`id`),\n  KEY `k` (`a``b`(10))\n\
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;\n\
        LOCK TABLES `wp_t` WRITE;\n/*!40000 ALTER TABLE `wp_t` DISABLE KEYS */;\n\
        INSERT INTO `wp_t` VALUES (1,'a',NULL),\n(2,'b;--','y');\nUNLOCK TABLES;\n\
        INSERT INTO `wp_t` VALUES (3,'','');\n-- Dump completed on 2026-11-23\n";
    let mut reader = Reader::new(dump.as_bytes(), Limits::default());
    let expected = [
        "wp_t: id a`b kind",
        "wp_t(1,'a',NULL)",
        "wp_t(2,'b;--','y')",
        "wp_t(3,'','')",
    ];
    assert_eq!(drain(&mut reader).unwrap(), expected);
    assert!(reader.completed());
    assert_eq!(reader.charset(), Some("utf8mb4"));
    let table = &reader.tables()[0];
    assert_eq!(table.charset.as_deref(), Some("utf8mb4"));
    assert_eq!(table.columns[0].sql_type, "bigint(20) unsigned");
    assert!(table.columns[0].unsigned && !table.columns[0].nullable && table.columns[1].nullable);
    assert_eq!(table.columns[1].charset.as_deref(), Some("latin1"));
    assert_eq!(table.charset_of(&table.columns[2]).as_deref(), Some("utf8mb4"));
    assert_eq!(table.columns[2].sql_type, "enum('x','it''s')");
    assert!(table.definition.starts_with("CREATE TABLE `wp_t` (\n  `id` bigint"));
    assert_eq!(lines(dump), expected);
}

#[test]
fn all_kinds_of_values() {
    let dump = br#"INSERT INTO t VALUES (1,-2,+3,.5,1e10,-1.5E-7),('it''s','a\'b\\c\n\r\t\0\Z\b\%\_\q',''),
        (0xDEADbeef,0x,x'0aFF',X'',0xABC,0X1),(_binary 'a\0b',_utf8mb4'x',_binary 0x41,N'n',_latin1 X'42'),
        (b'0',b'101',b'1111111100000001',0b11),(NULL,null,TRUE,false,DEFAULT,NOW(),f('a)''',g(1))),
        ( 1 , /* c */ 'x' -- d
        ),("q'q""");"#;
    let expected = [
        "t(1,-2,+3,.5,1e10,-1.5E-7)",
        r"t('it\'s','a\'b\\c\n\r\t\x00\x1a\x08\\%\\_q','')",
        r"t('\xde\xad\xbe\xef','','\n\xff','','\n\xbc','\x01')",
        r"t('a\x00b','x','A','n','B')",
        r"t('\x00','\x05','\xff\x01','\x03')",
        r"t(NULL,NULL,1,0,=DEFAULT,=NOW(),=f(\'a)\'\',g(1)))",
        "t(1,'x')",
        r#"t('q\'q\"')"#,
    ];
    assert_eq!(lines(dump), expected);
}

#[test]
fn kinds_of_inserts() {
    let dump = "insert ignore into `a`.`t` (`y`, x) values (1,2);REPLACE INTO t VALUES(3,4) , (5,6);\r\n\
        INSERT LOW_PRIORITY t VALUE (7);;INSERT INTO t VALUES (8) ON DUPLICATE KEY UPDATE a='x;y';\n\
        INSERT INTO t () VALUES ();INSERT INTO \"q\" VALUES ('a')";
    let error = read(dump).unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }), "{error}");
    let complete = format!("{dump};");
    assert_eq!(
        lines(&complete),
        ["t(1,2)", "t(3,4)", "t(5,6)", "t(7)", "t(8)", "t()", "q('a')"]
    );
    let mut reader = Reader::new(complete.as_bytes(), Limits::default());
    let Some(Event::Row(row)) = reader.next().unwrap() else {
        panic!()
    };
    assert_eq!(row.table().database.as_deref(), Some("a"));
    assert_eq!(row.get("X").and_then(|value| value.int()), Some(2));
    assert_eq!((row.name(0), row.name(1), row.name(2)), (Some("y"), Some("x"), None));
}

#[test]
fn triggers_views_and_routines_are_skipped() {
    let dump = "/*!50001 CREATE TABLE `v` (\n `a` tinyint NOT NULL\n) ENGINE=MyISAM */;\n\
        /*!50001 CREATE VIEW `w` AS SELECT\n 1 AS `a`*/;\nINSERT INTO t VALUES (1);\n\
        /*!50003 SET @saved_sql_mode = @@sql_mode */ ;\n\
        /*!50003 SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES' */ ;\nDELIMITER ;;\n\
        /*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER x BEFORE INSERT ON t\n\
        FOR EACH ROW BEGIN INSERT INTO t VALUES (9); SET @a = '\\'; -- it's\nEND */;;\nDELIMITER ;\n\
        /*!50003 SET sql_mode = @saved_sql_mode */ ;\r\nDELIMITER $$\r\n\
        CREATE PROCEDURE p() BEGIN SELECT ';'; END$$\r\nDELIMITER ;\r\nINSERT INTO t VALUES ('\\'');\n\
        /*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50001 VIEW `v` AS select 'a;b' */;\n";
    assert_eq!(lines(dump), ["t(1)", r"t('\'')"]);
}

#[test]
fn backslashes_are_plain_when_the_dump_says_so() {
    let dump = r"SET SQL_MODE='ANSI,NO_BACKSLASH_ESCAPES'; INSERT INTO t VALUES ('a\','it''s\n');
        SET SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO'; INSERT INTO t VALUES ('a\'');";
    assert_eq!(lines(dump), [r"t('a\\','it\'s\\n')", r"t('a\'')"]);
}

#[test]
fn phpmyadmin_and_adminer() {
    let dump = "\u{feff}-- phpMyAdmin SQL Dump\r\n-- version 5.2\r\n\r\nSET SQL_MODE = \"NO_AUTO_VALUE_ON_ZERO\";\r\n\
        START TRANSACTION;\r\nSET time_zone = \"+00:00\";\r\n/*!40101 SET NAMES utf8mb4 */;\r\n--\r\n\
        CREATE TABLE IF NOT EXISTS `x_options` (\r\n  `option_id` int NOT NULL,\r\n  `v` longtext\r\n) ENGINE=InnoDB;\r\n\
        INSERT INTO `x_options` (`option_id`, `v`) VALUES\r\n(1, 'a\r\nb'),\r\n(2, 0x00);\r\nCOMMIT;\r\n";
    let expected = [
        "x_options: option_id v",
        r"x_options(1,'a\r\nb')",
        r"x_options(2,'\x00')",
    ];
    assert_eq!(lines(dump), expected);
    let adminer = "-- Adminer 4.8.1 MySQL dump\n\nSET NAMES utf8;\nSET foreign_key_checks = 0;\n\nUSE `site`;\n\n\
        INSERT INTO `t` (`a`) VALUES\n(1),\n(2)\nON DUPLICATE KEY UPDATE `a` = VALUES(`a`);\n\n-- 2026-01-01 10:00:00";
    let mut reader = Reader::new(adminer.as_bytes(), Limits::default());
    assert_eq!(drain(&mut reader).unwrap(), ["t(1)", "t(2)"]);
    assert_eq!(reader.tables()[0].database.as_deref(), Some("site"));
    assert_eq!(reader.charset(), Some("utf8"));
    assert!(!reader.completed());
}

#[test]
fn columns_can_be_supplied() {
    let mut reader = Reader::new(&b"INSERT INTO `wp_terms` VALUES (1,'a','b',0);"[..], Limits::default());
    let names = wordpress::standard_columns("terms").unwrap();
    reader.supply(TableDef::from_names("wp_terms", names.iter().copied()));
    let Some(Event::Row(row)) = reader.next().unwrap() else {
        panic!()
    };
    assert_eq!(row.get("slug"), Some(Value::Bytes(b"b")));
}

#[test]
fn prefixes_and_networks() {
    let tables = [
        "wp_posts",
        "wp_options",
        "wp_users",
        "wp_2_posts",
        "wp_2_options",
        "a_posts",
        "a_options",
        "posts",
    ];
    assert_eq!(wordpress::find_prefixes(tables), ["wp_", "a_"]);
    assert_eq!(
        wordpress::sites(tables, "wp_"),
        [(1, "wp_".to_owned()), (2, "wp_2_".to_owned())]
    );
    assert_eq!(wordpress::find_prefix(["posts", "options"]).as_deref(), Some(""));
    assert_eq!(wordpress::find_prefix(["wp_posts", "x_options"]), None);
}

#[test]
fn other_files_are_refused() {
    let utf16: Vec<u8> = "-- MySQL".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&[0xff, 0xfe][..], &utf16].concat();
    for (file, word) in [
        (&utf16[..], "UTF-16"),
        (&with_mark, "UTF-16"),
        (b"\x1f\x8b\x08\0\0\0", "compressed"),
        (b"SQLite format 3\0", "SQLite"),
        (b"<?xml version", "XML"),
        (b"SET NAMES gbk;", "--default-character-set=utf8mb4"),
    ] {
        let error = read(file).unwrap_err().to_string();
        assert!(error.contains(word) && error.contains("byte 0"), "{error}");
    }
}

#[test]
fn damage_is_reported_with_its_place() {
    for (dump, place) in [
        ("-- x\nrubbish here", "line 2, byte 5"),
        ("\n\n%PDF", "line 3, byte 2"),
        ("INSERT INTO t VALUES (1,\nfoo)", "line 2, byte 28"),
        ("INSERT INTO t VALUES (1)\n(2);", "line 2, byte 25"),
        ("INSERT INTO t SELECT 1;", "byte 14"),
        ("INSERT INTO t VALUES (1),\n('ab", "line 2, byte 30"),
        ("INSERT INTO t VALUES (1)", "began at line 1, byte 0"),
        ("INSERT INTO t VALUES (1,'a\\", "cut off"),
        ("CREATE TABLE t (a int", "cut off"),
        ("CREATE TABLE t (a int;", "line 1, byte 0"),
        ("/* never", "byte 8"),
        (
            "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1,2);",
            "line 2, byte 45",
        ),
        (
            "INSERT INTO t VALUES (1);\nmysqldump: Error 2013: Lost connection\n",
            "line 2, byte 26",
        ),
    ] {
        let error = read(dump).unwrap_err().to_string();
        assert!(error.contains(place), "{dump:?}: {error}");
    }
    assert!(lines("mysqldump: [Warning] Using a password is insecure.\nINSERT INTO t VALUES (1);").len() == 1);
}

#[test]
fn large_things_are_refused_and_small_memory_is_enough() {
    let limits = Limits {
        max_value: 100,
        max_row: 150,
        max_statement: 200,
    };
    let error = |dump: String| {
        drain(&mut Reader::new(dump.as_bytes(), limits))
            .unwrap_err()
            .to_string()
    };
    let value = error(format!("INSERT INTO t VALUES (1),\n(2,'{}');", "x".repeat(101)));
    assert!(
        value.contains("column 2") && value.contains("line 2, byte 26"),
        "{value}"
    );
    let row = error(format!("INSERT INTO t VALUES ('{0}','{0}');", "x".repeat(80)));
    assert!(row.contains("the row"), "{row}");
    let table = error(format!("CREATE TABLE t ({});", "a int,".repeat(100)));
    assert!(table.contains("a statement"), "{table}");
    let wide = format!("INSERT INTO t VALUES ({}1);", "1,".repeat(5000));
    assert!(read(wide).unwrap_err().to_string().contains("columns"));
    assert!(error(format!("INSERT INTO {} VALUES (1);", "a".repeat(5000))).contains("shorter name"));
    let endless = std::io::repeat(b'x').take(1 << 24);
    let huge = (&b"INSERT INTO t VALUES ('"[..]).chain(endless);
    assert!(drain(&mut Reader::new(huge, limits)).is_err());
    let many = (&b"INSERT INTO t VALUES (1)"[..])
        .chain(std::io::repeat(b' ').take(1 << 20))
        .chain(&b";"[..]);
    assert_eq!(drain(&mut Reader::new(many, limits)).unwrap(), ["t(1)"]);
}

/// Writes a string as mysqldump does, or in hexadecimal, or with doubled quotes.
fn literal(bytes: &[u8], style: u8) -> Vec<u8> {
    if style == 1 && !bytes.is_empty() {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        return format!("0x{hex}").into_bytes();
    }
    let mut out = if style == 2 {
        b"_binary '".to_vec()
    } else {
        b"'".to_vec()
    };
    for byte in bytes {
        match byte {
            b'\'' if style == 3 => out.extend_from_slice(b"''"),
            b'\'' | b'\\' | b'"' => out.extend_from_slice(&[b'\\', *byte]),
            0 => out.extend_from_slice(b"\\0"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x1a => out.extend_from_slice(b"\\Z"),
            other => out.push(*other),
        }
    }
    out.push(b'\'');
    out
}

type Rows = Vec<Vec<Option<Vec<u8>>>>;

fn written(rows: &Rows, style: u8, extended: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let begin: &[u8] = if at == 0 || !extended {
            b"INSERT INTO `t` VALUES ("
        } else {
            b",\n("
        };
        out.extend_from_slice(begin);
        let values: Vec<Vec<u8>> = row
            .iter()
            .map(|value| value.as_ref().map_or(b"NULL".to_vec(), |bytes| literal(bytes, style)))
            .collect();
        out.extend_from_slice(&values.join(&b","[..]));
        out.extend_from_slice(if extended { b")" } else { b");\n" });
    }
    out.extend_from_slice(b";\n");
    out
}

fn read_back<R: Read>(read: R) -> Rows {
    let mut reader = Reader::new(read, Limits::default());
    let mut rows = Rows::new();
    while let Some(event) = reader.next().unwrap() {
        let Event::Row(row) = event else {
            panic!("no table is defined")
        };
        rows.push(row.values().map(|value| value.bytes().map(<[u8]>::to_vec)).collect());
    }
    rows
}

proptest! {
    #[test]
    fn rows_survive_sql(
        rows in proptest::collection::vec(
            proptest::collection::vec(
                proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)), 1..6), 1..8),
        style in 0u8..4,
        extended: bool,
    ) {
        let dump = written(&rows, style, extended);
        prop_assert_eq!(&read_back(&dump[..]), &rows);
        prop_assert_eq!(&read_back(Slow(&dump, 0)), &rows);
    }

    #[test]
    fn no_bytes_make_it_panic(dump in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(dump);
    }

    #[test]
    fn no_near_miss_makes_it_panic(parts in proptest::collection::vec(prop_oneof![
        Just("INSERT INTO "), Just("t"), Just(" VALUES "), Just("("), Just(")"), Just(","), Just(";"),
        Just("CREATE TABLE "), Just("`"), Just("'"), Just("\\"), Just("/*!50003 "), Just("*/"), Just("-- "),
        Just("\n"), Just("0x"), Just("b'"), Just("_binary "), Just("1"), Just("NULL"), Just("SET "),
        Just("sql_mode="), Just("NAMES "), Just("DELIMITER "), Just("\""), Just("é"), Just("f("),
        Just("NO_BACKSLASH_ESCAPES"), Just("COLLATE "), Just(" int"), Just("="), Just("@a"), Just("/*"),
    ], 0..40)) {
        if let Err(error) = read(parts.concat()) {
            prop_assert!(error.to_string().contains("byte "), "{}", error);
        }
    }

    #[test]
    fn a_cut_dump_is_an_error_or_complete(cut in 0usize..120) {
        let dump = "CREATE TABLE `t` (`a` int, `b` text);\nINSERT INTO `t` VALUES (1,'a\\'b'),(2,0xFF);\n\
            INSERT INTO `t` VALUES (3,NULL);\n";
        let cut = cut.min(dump.len());
        let ends_statement = dump[..cut].trim_end().ends_with(';') || cut == 0;
        prop_assert_eq!(read(&dump[..cut]).is_ok(), ends_statement);
    }
}
