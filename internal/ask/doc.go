// Package ask finds operations, fields and error codes by what people ask.
//
// Operations are found by phrases: for each there are some that people might ask for it
// with, in the folder phrases. A question is compared with each phrase, and with all that
// the catalogue says of an operation; words of one stem or meaning stand for one another,
// and a misspelt word for the nearest. What is compared is in an index that a test writes,
// so that a search reads no phrases.
package ask
