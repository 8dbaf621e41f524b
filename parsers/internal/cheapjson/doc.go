// Package cheapjson reads a few known members of a JSON object in one walk
// forward, without building anything and without allocating.
//
// Almost every record of a log is boring, and what makes it boring shows in a
// dozen short members near its top. A Schema names them; Walk finds them and
// skips everything else with a bracket counter that looks at eight bytes at a
// time. It is the cheap pass by which formats decide what need not be parsed.
//
// # When it gives up
//
// Walk answers for a record only if it can do so with certainty, and otherwise
// says so, whereupon the record is parsed in full. It gives up on
//
//   - an escape, a control character or a byte outside ASCII in a key of an
//     object it reads, or in a value it wants;
//   - a known key that occurs twice, a key that differs from a known one in
//     case only, and a dotted key that a field name could mean as well;
//   - a wanted value of another type than the schema says, null included;
//   - structure that is not JSON where it reads, containers nested deeper than
//     a full parse would go, and bytes behind the object.
//
// It does not look at the grammar inside values that it skips: a record that
// is broken there has the same head either way, and the full parse finds the
// damage when somebody asks for what is in it. For everything that Walk does
// give, the full parse gives the same; a fuzz target in package kubeaudit, where
// both meet, holds them together.
package cheapjson
