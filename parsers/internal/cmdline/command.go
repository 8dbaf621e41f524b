package cmdline

import "bytes"

// A Command is what a command line asks a tool to do, whatever stands around
// it: "sudo -u ops env K=1 kubectl --context c -n x get secret/db" is the tool
// kubectl with the verb get and the sub secret/db. It may be parsed into again.
type Command struct {
	Tool, Verb, Sub []byte   // nil if there is none
	Words           [][]byte // all words behind the tool that are neither flags nor values of known flags
	Flags           [][]byte // all flags before "--"; "--as x" is given as "--as=x", "-itn x" as "-it" and "-n=x"

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
	if t == nil && c.readDisguised(args) {
		t = kubectl
	} else {
		c.readWords(args, t)
	}
	if len(c.Words) == 0 {
		return
	}
	at := c.verbAt(t)
	c.Verb = c.Words[at]
	if len(c.Words) > at+1 {
		c.Sub = c.Words[at+1]
	}
}

// verbAt is the place of the verb among the words.
func (c *Command) verbAt(t *tool) int {
	if t != nil && t.groups[string(c.Words[0])] && len(c.Words) > 1 {
		return 1
	}
	return 0
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
		if t == nil || i+1 == len(args) || !c.takes(w, t, outer) {
			c.Flags = append(c.Flags, w)
			continue
		}
		at := len(c.joined)
		if last := len(w) - 1; last > 1 && w[1] != '-' { // -itu root
			c.Flags = append(c.Flags, w[:last])
			c.joined = append(append(c.joined, '-', w[last], '='), args[i+1]...)
		} else {
			c.joined = append(append(append(c.joined, w...), '='), args[i+1]...)
		}
		c.Flags = append(c.Flags, c.joined[at:len(c.joined):len(c.joined)])
		i++
	}
}

// takes reports whether an option's value is the next word. Of letters behind one
// dash ("-itu root") the last one may take it; in "-uroot" the first one has it.
func (c *Command) takes(w []byte, t *tool, outer int) bool {
	if len(w) < 3 || w[1] == '-' {
		return c.valued(w, t, outer)
	}
	for i, letter := range w[1:] {
		if letter < 'A' || letter > 'z' {
			return false
		}
		if one := [2]byte{'-', letter}; c.valued(one[:], t, outer) {
			return i == len(w)-2
		}
	}
	return false
}

// valued reports whether one option takes a value: wherever it stands, or before the
// verb, or behind this one.
func (c *Command) valued(option []byte, t *tool, outer int) bool {
	switch {
	case t.always[string(option)]:
		return true
	case (t.anywhere || len(c.Words) == outer) && t.values[string(option)]:
		return true
	case len(c.Words) == outer:
		return false
	}
	return t.verbs[string(c.Words[max(outer, c.verbAt(t))])][string(option)]
}
