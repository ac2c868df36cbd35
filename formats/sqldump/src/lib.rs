//! mysqldump reader: streams statements and rows of a SQL dump in bounded memory.
