// Package readonly answers SQL of somebody who is not trusted, over copies of shops.
//
// A statement passes three gates. [Book.Compile] reads it by a grammar that knows
// SELECT, WITH and VALUES, the tables of a copy and some functions, and refuses
// everything else. It is then put into parentheses behind common table expressions that
// have the names of the tables, and only the rows of some shops and the columns that
// may be seen: what it names are these. And a [Source] carries it out where nothing can
// be written, and for a limited time.
package readonly
