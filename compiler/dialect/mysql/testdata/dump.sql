-- MySQL dump 10.13  Distrib 8.0.36
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40000 DROP DATABASE IF EXISTS `shop`*/;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;
USE `shop`;
DROP TABLE IF EXISTS `author`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `author` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT '' COMMENT 'it''s; a name',
  `born` date DEFAULT NULL,
  `kind` enum('a','b\'c') CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL DEFAULT 'a',
  `loc` point NOT NULL /*!80003 SRID 4326 */,
  `full` varchar(300) GENERATED ALWAYS AS (concat(`name`,_utf8mb4' x')) VIRTUAL,
  `secret` int DEFAULT '0' /*!80023 INVISIBLE */,
  `created` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `u` (`name`(20)) USING BTREE,
  KEY `fx` ((lower(`name`))),
  SPATIAL KEY `loc` (`loc`),
  FULLTEXT KEY `ft` (`name`) /*!50100 WITH PARSER `ngram` */ ,
  CONSTRAINT `chk` CHECK ((`id` > 0)) /*!80016 NOT ENFORCED */,
  CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `other` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
/*!50100 PARTITION BY RANGE (`id`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;
/*!40101 SET character_set_client = @saved_cs_client */;
LOCK TABLES `author` WRITE;
/*!40000 ALTER TABLE `author` DISABLE KEYS */;
INSERT INTO `author` (`id`, `name`) VALUES (1,'a;b\'c'),(2,_binary 'x');
/*!40000 ALTER TABLE `author` ENABLE KEYS */;
UNLOCK TABLES;
/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `tr` BEFORE INSERT ON `author` FOR EACH ROW BEGIN
  IF NEW.name = '' THEN SET NEW.name = 'x'; END IF;
END */;;
DELIMITER ;
/*!50106 SET @save_time_zone= @@TIME_ZONE */ ;
DELIMITER ;;
/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT `ev` ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01 00:00:00' ON COMPLETION NOT PRESERVE ENABLE DO BEGIN DELETE FROM author; END */ ;;
DELIMITER ;
/*!50003 DROP FUNCTION IF EXISTS `f` */;
DELIMITER ;;
CREATE DEFINER=`root`@`localhost` FUNCTION `f`(`a` INT, b varchar(20) CHARSET utf8mb4) RETURNS varchar(20) CHARSET utf8mb4 COLLATE utf8mb4_bin
    READS SQL DATA
    DETERMINISTIC
BEGIN
 DECLARE x INT DEFAULT 0;
 RETURN concat(b, x);
END ;;
CREATE DEFINER=`root`@`%` PROCEDURE `p`(IN a INT, OUT total DECIMAL(10,2), INOUT c JSON)
    SQL SECURITY INVOKER
    COMMENT 'does; things'
SELECT COUNT(*) INTO total FROM author ;;
DELIMITER ;
/*!50001 DROP VIEW IF EXISTS `v`*/;
SET @saved_cs_client     = @@character_set_client;
/*!50001 CREATE VIEW `v` AS SELECT 
 1 AS `id`,
 1 AS `n`*/;
SET character_set_client = @saved_cs_client;
/*!50001 DROP VIEW IF EXISTS `v`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `v` AS select `author`.`id` AS `id`,count(0) AS `n` from `author` group by `author`.`id` */;
/*M!100100 SET @x=1*/;
/*M!999999\- enable the sandbox mode */ 
CREATE TABLE `seq_like` (a int(11) DEFAULT nextval(`s`), b uuid DEFAULT uuid(), c inet6, d varchar(10) DEFAULT concat('a','b') COMMENT 'x', e datetime(3) DEFAULT current_timestamp(3), PRIMARY KEY (a)) WITH SYSTEM VERSIONING;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
-- Dump completed
