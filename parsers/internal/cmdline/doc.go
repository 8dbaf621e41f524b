// Package cmdline understands command lines of the tools that a responder asks about:
// kubectl, docker and their kin.
//
//	sudo -u ops env K=1 kubectl --context c -n prod get secret/db -o yaml
//	                    tool                       verb sub         flags: --context=c -n=prod -o=yaml
//
// A log has the words of a command line, and a rule asks what they mean. What stands in
// front is taken off: programs that only start another one (sudo, env, timeout, xargs ...),
// and distributions that carry a tool within their own program ("k3s kubectl"). Names
// that a tool goes by are brought back to the one in its manual (kubectl-v1.28.3). Which
// options take the next word as their value is known of each tool, so that "get pods -n
// secrets" is not about secrets; of a program that is not known, an option takes none.
//
// No shell is understood here: a command line is what the kernel was given, in words.
//
//	command.go  a Command, and how its words are parted from its flags
//	wrapper.go  what is taken off in front
//	disguise.go kubectl under another name
//	tools.go    the tools, their options and their names
//	object.go   which container, pod or account a command names
//	secrets.go  which Secrets, of which namespace, a command of kubectl is about
//
// Sources: the manuals of the tools.
package cmdline
