package auditd

import "bytes"

// A command is what a command line asks a tool to do, whatever stands around
// it: "sudo -u ops env K=1 kubectl --context c -n x get secret/db" is the tool
// kubectl with the verb get and the sub secret/db.
type command struct {
	tool, verb, sub []byte   // nil if there is none
	words           [][]byte // all words behind the tool that are neither flags nor values of known flags
	flags           [][]byte // all flags before "--"; "--as x" is given as "--as=x"
}

// command reads the event's arguments as a command.
func (rd *reading) command() *command {
	if rd.cliRead {
		return &rd.cli
	}
	rd.cliRead = true
	c := &rd.cli
	*c = command{words: c.words[:0], flags: c.flags[:0]}
	all := rd.arguments()
	argv := unwrap(all)
	if len(argv) == 0 {
		return c
	}
	c.tool = properName(base(argv[0]))
	if len(argv) == len(all) && tools[string(c.tool)] == nil {
		c.tool = rd.unmasked(c.tool)
	}
	args := argv[1:]
	if len(args) > 0 && string(args[0]) == "--" { // minikube kubectl -- get pods
		args = args[1:]
	}
	rd.readWords(c, args, tools[string(c.tool)])
	if len(c.words) == 0 {
		return c
	}
	at := 0
	if t := tools[string(c.tool)]; t != nil && t.groups[string(c.words[0])] && len(c.words) > 1 {
		at = 1
	}
	c.verb = c.words[at]
	if len(c.words) > at+1 {
		c.sub = c.words[at+1]
	}
	return c
}

// unmasked is what a program that calls itself name is by its file, if that is a tool:
// the first argument is whatever the caller likes (exec -a).
func (rd *reading) unmasked(name []byte) []byte {
	if exe := rd.sysValue(idExe); !absent(exe) {
		if file := properName(base(exe)); renamed[string(file)] {
			return file
		}
	}
	return name
}

// readWords parts flags and words. A flag of the tool that takes a value takes
// the next word with it: everywhere if the tool allows that, else only before
// the verb, behind which the same letter may mean something else. A first word
// that is a tool of its own has its own flags before its verb.
func (rd *reading) readWords(c *command, args [][]byte, t *tool) {
	outer := 0 // words before the tool's own
	for i := 0; i < len(args); i++ {
		w := args[i]
		if string(w) == "--" {
			c.words = append(c.words, args[i+1:]...)
			return
		}
		if len(w) < 2 || w[0] != '-' {
			c.words = append(c.words, w)
			if inner := t.within(w); inner != nil && outer == 0 && len(c.words) == 1 {
				t, outer = inner, 1
			}
			continue
		}
		takes := t != nil && (t.anywhere || len(c.words) == outer) && t.values[string(w)] ||
			t != nil && t.always[string(w)]
		if takes && i+1 < len(args) {
			at := len(rd.scratch)
			rd.scratch = append(append(append(rd.scratch, w...), '='), args[i+1]...)
			c.flags = append(c.flags, rd.scratch[at:len(rd.scratch):len(rd.scratch)])
			i++
			continue
		}
		c.flags = append(c.flags, w)
	}
}

// unwrap takes the programs off that only start another one.
func unwrap(argv [][]byte) [][]byte {
	for len(argv) > 1 {
		name := base(argv[0])
		if carried[string(name)][string(argv[1])] {
			argv = argv[1:]
			continue
		}
		w := wrappers[string(name)]
		if w == nil {
			return argv
		}
		inner := w.skip(argv[1:])
		if len(inner) == 0 {
			return argv
		}
		argv = inner
	}
	return argv
}

// A wrapper is a program that runs the command that follows its own options.
type wrapper struct {
	values   map[string]bool // options whose value is the next word
	operands int             // words of its own before the command
	settings bool            // NAME=value may stand before the command
}

// skip goes past the wrapper's own words.
func (w *wrapper) skip(args [][]byte) [][]byte {
	operands := w.operands
	for len(args) > 0 {
		a := args[0]
		switch {
		case string(a) == "--":
			return args[min(operands+1, len(args)):]
		case len(a) > 1 && a[0] == '-':
			args = args[1:]
			if w.values[string(a)] && len(args) > 0 {
				args = args[1:]
			}
		case w.settings && isSetting(a):
			args = args[1:]
		case operands > 0:
			operands--
			args = args[1:]
		default:
			return args
		}
	}
	return nil
}

// isSetting reports whether a word is NAME=value.
func isSetting(a []byte) bool {
	eq := bytes.IndexByte(a, '=')
	for _, c := range a[:max(eq, 0)] {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_') {
			return false
		}
	}
	return eq > 0
}

// commandFields appends the fields cli.tool to cli.namespace.
func (rd *reading) commandFields(dst [][]byte, s special) [][]byte {
	c := rd.command()
	switch s {
	case theCliTool:
		return appendSome(dst, c.tool)
	case theCliVerb:
		return appendSome(dst, c.verb)
	case theCliSub:
		return appendSome(dst, c.sub)
	case theCliWords:
		return append(dst, c.words...)
	case theCliSecret:
		return c.secrets(dst)
	case theCliNamespace:
		return c.namespace(dst)
	}
	return append(dst, c.flags...)
}
