//! Small dumps, written for these tests: every trait that a real one may have.

/// A site with the prefix `lib_` whose tables come in an unhelpful order.
pub const ODD: &str = r#"-- MySQL dump 10.13  Distrib 8.0.40
/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE `lib_plugin_log` (`id` int NOT NULL, `what` blob, `n` decimal(5,2) DEFAULT NULL, PRIMARY KEY (`id`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_plugin_log` VALUES (1,0x00FF27,1.50),(2,'it\'s\n\\ \0',NULL);
CREATE TABLE `lib_plugin_empty` (`id` int NOT NULL);
CREATE TABLE `lib_term_relationships` (`object_id` bigint unsigned NOT NULL, `term_taxonomy_id` bigint unsigned NOT NULL, `term_order` int NOT NULL) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_term_relationships` VALUES (10,1,0),(10,2,1),(1,5,0),(99,1,0),(10,77,0);
CREATE TABLE `lib_postmeta` (`meta_id` bigint unsigned NOT NULL, `post_id` bigint unsigned NOT NULL, `meta_key` varchar(255) DEFAULT NULL, `meta_value` longtext) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_postmeta` VALUES (1,10,'_wp_old_slug','Old-Name'),(2,10,'data','a:1:{s:3:\"café\";s:2:\"\r\n\";}');
INSERT INTO `lib_postmeta` (`post_id`,`meta_id`,`meta_value`,`meta_key`) VALUES (10,3,0xC328FF00,'raw'),(10,4,NULL,'nothing'),(555,5,'x','of nobody'),(10,5,'again','twice'),(10,0,'zero','zero');
CREATE TABLE `lib_posts` (`ID` bigint unsigned NOT NULL, `post_author` bigint, `post_date` datetime, `post_date_gmt` datetime, `post_content` longtext, `post_title` text, `post_excerpt` text, `post_status` varchar(20), `comment_status` varchar(20), `ping_status` varchar(20), `post_password` varchar(255), `post_name` varchar(200), `to_ping` text, `pinged` text, `post_modified` datetime, `post_modified_gmt` datetime, `post_content_filtered` longtext, `post_parent` bigint, `guid` varchar(255), `menu_order` int, `post_type` varchar(20), `post_mime_type` varchar(100), `comment_count` bigint, `plugin_rank` int DEFAULT NULL) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_posts` VALUES (10,3,'1969-07-20 20:17:40','1969-07-20 20:17:40','<p>Ã© stays</p>\r\n','Guide 😀','','publish','open','open','','guide','','','2020-01-01 00:00:00','2020-01-01 00:00:00','',0,'https://old.example/?p=10',0,'post','',2,7);
INSERT INTO `lib_posts` VALUES (11,3,'2030-01-01 10:00:00','2030-01-01 09:00:00','later','Later','','future','open','open','','later','','','2020-01-01 00:00:00','2020-01-01 00:00:00','filtered',0,'https://old.example/?p=11',0,'country_profile','',0,NULL),(12,3,'0000-00-00 00:00:00','0000-00-00 00:00:00','','nul \0 here',0x62C328,'draft','open','open','','','','','0000-00-00 00:00:00','0000-00-00 00:00:00','',0,'',0,'page','',0,NULL);
INSERT INTO `lib_posts` VALUES (10,3,'1969-07-20 20:17:40','1969-07-20 20:17:40','','Second ten','','publish','open','open','','','','','2020-01-01 00:00:00','2020-01-01 00:00:00','',0,'',0,'post','',0,NULL);
CREATE TABLE `lib_term_taxonomy` (`term_taxonomy_id` bigint unsigned NOT NULL, `term_id` bigint unsigned NOT NULL, `taxonomy` varchar(32), `description` longtext, `parent` bigint, `count` bigint) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_term_taxonomy` VALUES (1,1,'category','',0,1),(2,1,'post_tag','shared',0,1),(5,3,'link_category','',0,1),(6,444,'category','no name',0,0);
CREATE TABLE `lib_terms` (`term_id` bigint unsigned NOT NULL, `name` varchar(200), `slug` varchar(200), `term_group` bigint) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_terms` VALUES (1,'Law &amp; Order','law',0),(3,'Blogroll','blogroll',0),(9,'In no taxonomy','orphan',0);
CREATE TABLE `lib_termmeta` (`meta_id` bigint unsigned NOT NULL, `term_id` bigint unsigned NOT NULL, `meta_key` varchar(255), `meta_value` longtext) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_termmeta` VALUES (1,1,'colour','blue'),(2,9,'colour','red');
CREATE TABLE `lib_links` (`link_id` bigint unsigned NOT NULL, `link_url` varchar(255)) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_links` VALUES (1,'https://elsewhere.example/');
CREATE TABLE `lib_users` (`ID` bigint unsigned NOT NULL, `user_login` varchar(60), `user_pass` varchar(255), `user_nicename` varchar(50), `user_email` varchar(100), `user_url` varchar(100), `user_registered` datetime, `user_activation_key` varchar(255), `user_status` int, `display_name` varchar(250)) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_users` VALUES (3,'anna','$P$Babcdefghijklmnop','anna','anna@old.example','','2019-01-01 00:00:00','',0,'Anna');
CREATE TABLE `lib_usermeta` (`umeta_id` bigint unsigned NOT NULL, `user_id` bigint unsigned NOT NULL, `meta_key` varchar(255), `meta_value` longtext) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_usermeta` VALUES (1,3,'lib_capabilities','a:1:{s:6:\"editor\";b:1;}'),(2,4,'lib_capabilities','gone');
CREATE TABLE `lib_commentmeta` (`meta_id` bigint unsigned NOT NULL, `comment_id` bigint unsigned NOT NULL, `meta_key` varchar(255), `meta_value` longtext) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_commentmeta` VALUES (1,7,'rating','5'),(2,8,'rating','1');
CREATE TABLE `lib_comments` (`comment_ID` bigint unsigned NOT NULL, `comment_post_ID` bigint unsigned NOT NULL, `comment_author` tinytext, `comment_author_email` varchar(100), `comment_author_url` varchar(200), `comment_author_IP` varchar(100), `comment_date` datetime, `comment_date_gmt` datetime, `comment_content` text, `comment_karma` int, `comment_approved` varchar(20), `comment_agent` varchar(255), `comment_type` varchar(20), `comment_parent` bigint, `user_id` bigint) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_comments` VALUES (7,10,'Ben','ben@x.example','','','2020-01-01 00:00:00','2020-01-01 00:00:00','Good',0,'1','','comment',0,0),(8,4040,'Eve','','','','2020-01-01 00:00:00','2020-01-01 00:00:00','On nothing',0,'1','','comment',0,0);
CREATE TABLE `lib_options` (`option_id` bigint unsigned NOT NULL, `option_name` varchar(191), `option_value` longtext, `autoload` varchar(20)) DEFAULT CHARSET=utf8mb4;
INSERT INTO `lib_options` VALUES (1,'home','https://old.example','yes'),(2,'big','x','no'),(3,'new','x','auto-off'),(4,'on','x','on'),(5,'lib_user_roles','a:0:{}','yes'),(6,'home','double','yes'),(7,'_transient_feed','t','off');
-- Dump completed on 2026-11-25 10:00:00
"#;

/// A site in latin1 tables that holds UTF-8, dumped as utf8mb4: encoded twice.
pub const TWICE: &str = r#"SET NAMES utf8mb4;
CREATE TABLE `wp_options` (`option_id` bigint, `option_name` varchar(191), `option_value` longtext, `autoload` varchar(20)) DEFAULT CHARSET=latin1;
INSERT INTO `wp_options` VALUES (1,'blogname','CafÃ©','yes'),(2,'x','a:1:{i:0;s:5:\"CafÃ©\";}','yes');
CREATE TABLE `wp_posts` (`ID` bigint, `post_title` text, `post_content` longtext, `post_type` varchar(20), `post_status` varchar(20)) DEFAULT CHARSET=latin1;
INSERT INTO `wp_posts` VALUES (1,'æ¬¢è¿Ž','plain','post','publish');
"#;

/// A site in latin1 tables whose text is what it says.
pub const ONCE: &str = r#"SET NAMES utf8mb4;
CREATE TABLE `wp_options` (`option_id` bigint, `option_name` varchar(191), `option_value` longtext, `autoload` varchar(20)) DEFAULT CHARSET=latin1;
CREATE TABLE `wp_posts` (`ID` bigint, `post_title` text, `post_content` longtext, `post_type` varchar(20), `post_status` varchar(20)) DEFAULT CHARSET=latin1;
INSERT INTO `wp_posts` VALUES (1,'Café','How to write Ã©','post','publish'),(2,'Für','','post','publish');
"#;
