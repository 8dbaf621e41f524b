package cmdline

import "bytes"

// A Command is what a command line asks a tool to do, whatever stands around
// it: "sudo -u ops env K=1 kubectl --context c -n x get secret/db" is the tool
// kubectl with the verb get and the sub secret/db. It may be parsed into again.
type Command struct {
	Tool, Verb, Sub []byte   // nil if there is none
	Words           [][]byte // all words behind the tool that are neither flags nor values of known flags
	Flags           [][]byte // all flags before "--"; "--as x" is given as "--as=x"

	joined []byte // of such flags
}

// Parse reads the arguments of a program. exe is the file that was executed, nil if it
// is not known. What it finds is valid until the next call, and as long as argv is.
func (c *Command) Parse(argv [][]byte, exe []byte) {
	*c = Command{Words: c.Words[:0], Flags: c.Flags[:0], joined: c.joined[:0]}
	inner := unwrap(argv)
	if len(inner) == 0 {
		return
	}
	c.Tool = properName(base(inner[0]))
	if len(inner) == len(argv) && tools[string(c.Tool)] == nil {
		c.Tool = unmasked(c.Tool, exe)
	}
	args := inner[1:]
	if len(args) > 0 && string(args[0]) == "--" { // minikube kubectl -- get pods
		args = args[1:]
	}
	t := tools[string(c.Tool)]
	c.readWords(args, t)
	if len(c.Words) == 0 {
		return
	}
	at := 0
	if t != nil && t.groups[string(c.Words[0])] && len(c.Words) > 1 {
		at = 1
	}
	c.Verb = c.Words[at]
	if len(c.Words) > at+1 {
		c.Sub = c.Words[at+1]
	}
}

// unmasked is what a program that calls itself name is by its file, if that is a tool:
// the first argument is whatever the caller likes (exec -a).
func unmasked(name, exe []byte) []byte {
	if file := properName(base(exe)); renamed[string(file)] {
		return file
	}
	return name
}

// base is the last element of a path.
func base(path []byte) []byte { return path[bytes.LastIndexByte(path, '/')+1:] }

// readWords parts flags and words. A flag of the tool that takes a value takes
// the next word with it: everywhere if the tool allows that, else only before
// the verb, behind which the same letter may mean something else. A first word
// that is a tool of its own has its own flags before its verb.
func (c *Command) readWords(args [][]byte, t *tool) {
	outer := 0 // words before the tool's own
	for i := 0; i < len(args); i++ {
		w := args[i]
		if string(w) == "--" {
			c.Words = append(c.Words, args[i+1:]...)
			return
		}
		if len(w) < 2 || w[0] != '-' {
			c.Words = append(c.Words, w)
			if inner := t.within(w); inner != nil && outer == 0 && len(c.Words) == 1 {
				t, outer = inner, 1
			}
			continue
		}
		takes := t != nil && (t.anywhere || len(c.Words) == outer) && t.values[string(w)] ||
			t != nil && t.always[string(w)]
		if takes && i+1 < len(args) {
			at := len(c.joined)
			c.joined = append(append(append(c.joined, w...), '='), args[i+1]...)
			c.Flags = append(c.Flags, c.joined[at:len(c.joined):len(c.joined)])
			i++
			continue
		}
		c.Flags = append(c.Flags, w)
	}
}
