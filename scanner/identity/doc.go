// Package identity says who is one actor.
//
// Logs name people by what they see of them: a user of Kubernetes, a login uid on a host, a
// container, a client without any name. Two questions are answered here. Whose is an act
// that names nobody: that of whoever another log saw start it moments before (namedActs).
// And which names are one actor: those that a token, a certificate, a pod, a login or an
// address binds to each other, the strongest key first (identities). Where the evidence
// leaves two possible, nobody is named.
//
// Nothing of it changes the id of a finding, which is made of what its own log says.
//
//	attribution.go  both questions, as Conclude asks them
//	namedacts.go    what several logs tell of one act
//	script.go       what a script starts, and what a command opens
//	identities.go   names that are one actor
//	nodes.go        who used the identity of a node
//	terminals.go    who typed in a container
//	tokens.go       which tokens a hit tells of
//	addresses.go    what an address says of who came from it: shared ones, homes, logins
//	saved.go        what a checkpoint keeps of all that
package identity
