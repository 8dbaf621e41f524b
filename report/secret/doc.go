// Package secret finds credentials in texts of any kind: records of logs, command
// lines, sentences. It knows nothing of findings and reports, and imports only the
// standard library.
//
// # How a secret is found
//
// By clues, which are texts that stand where a secret begins or is named. All of
// them are looked for in one pass (find.go), since nearly all texts hold no secret;
// what a clue leads to is decided by a function of its own. They are grouped by what
// gives a secret away:
//
//	clues.go privatekey.go    how a token begins, and the list of all clues
//	named.go names.go         a value behind a name that says so, as in DB_PASSWORD=x
//	foreign.go                the same where a program speaks another language
//	flags.go                  short flags of programs, as in mysql -psecret
//	commands.go arguments.go  arguments that nothing names, as in vault login TOKEN
//	objects.go                members of JSON objects that are, or describe, a Secret
//	forms.go                  netrc, headers, calls in source code
//	yaml.go                   Secrets and environments in YAML
//	spoken.go                 SQL, sentences and pipes
//	typed.go                  what was typed at su and sudo, of terminals whose keys are logged
//
// What stands behind a name and is no secret is in harmless.go. Where the value behind
// a name or a flag begins and ends, under which quotes, is in values.go; letters.go has
// the classes of bytes.
//
// A text is also looked at without the encodings in it, up to four around one another:
// JSON escapes, percent encoding, hex, base64 (layers.go, decode.go). A Span says where
// the secret stands in the text as it was given, so that it can be masked in place.
//
// # What is not found
//
// A secret that nothing gives away: a password that stands alone, an argument of a
// program that is not in the tables. Of a passphrase whose quotation marks the log
// took away, as Docker's events do, what follows its first word. A secret that is
// known from elsewhere is found wherever it stands: see the second parameter of Find.
//
// # Adding a clue
//
// Add it to the table of its group (shapes, programs, commands, the list of clues),
// and texts with it and near misses to the tests: too much that is masked hides evidence.
package secret
