// Package jsonfields reads one JSON record in full and looks values up in it
// by the dotted names that Sigma rules use. It is the only home of fastjson.
//
//	var p jsonfields.Parser // one per goroutine, reused for every record
//	doc, err := p.Parse(record)
//	vals = doc.Values(vals[:0], path) // path := jsonfields.Compile("user.groups")
//
// # What a name means
//
// A name's dots lead into objects, or are part of a key, or both: the name
// "annotations.k8s.io/x" finds {"annotations":{"k8s.io/x":1}} as well as
// {"annotations.k8s.io/x":1}. An array on the way stands for each of its
// members. A key that occurs twice gives the values of both occurrences, so
// that nothing can be hidden behind a second spelling. Where a name ends at an
// object, the object's JSON text is its value.
//
// # What is forgiven
//
// Evidence is read leniently and honestly: before fastjson sees a record, a
// pass of our own over its bytes (no recursion, no error text that grows with
// the input) finds everything fastjson would refuse or swallow, and mends it
// where that loses nothing. Doc says what was done: Lenient for text that is
// not JSON by RFC 8259 but can only mean one thing, Deep and Dropped for what
// lies beyond the limits, and a *SyntaxError for damage, in which case the Doc
// holds what stood before it. That is also how a record that was cut off keeps
// its head.
//
// # Ownership
//
// A Doc, its Values and all bytes they give are good until the next Parse of
// the same Parser. Nothing refers to the bytes given to Parse.
package jsonfields
