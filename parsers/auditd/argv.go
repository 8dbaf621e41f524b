package auditd

import (
	"bytes"
	"slices"

	"tideline/parsers/internal/spelling"
)

// An argument is one piece of an argument of an execve.
type argument struct {
	index, chunk uint32
	value        []byte
}

func (a argument) equal(b argument) bool {
	return a.index == b.index && a.chunk == b.chunk && bytes.Equal(a.value, b.value)
}

// maxMissing is how many arguments that no record gives are taken for empty
// ones: the kernel leaves those out (audit_log_execve_info). The count that a
// record claims never decides how much is made.
const maxMissing = 256

// argName reads aN and aN[M]; aN_len is none.
func argName(s []byte) (index, chunk uint32, ok bool) {
	if len(s) < 2 || s[0] != 'a' {
		return 0, 0, false
	}
	index, i := digits(s, 1)
	if i == 1 || i == len(s) {
		return index, 0, i > 1
	}
	if s[i] != '[' || s[len(s)-1] != ']' {
		return 0, 0, false
	}
	chunk, end := digits(s, i+1)
	return index, chunk, end > i+1 && end == len(s)-1
}

// digits reads a number of at most eight digits at i and returns what follows.
func digits(s []byte, i int) (n uint32, end int) {
	end = i
	for end < len(s) && end-i < 8 && '0' <= s[end] && s[end] <= '9' {
		n = n*10 + uint32(s[end]-'0')
		end++
	}
	return n, end
}

// arguments returns the argument list of an event, decoded, from all its
// EXECVE records in whatever order they came. Of a list too long for one
// record the pieces are joined. An exec without an EXECVE record has those of its
// process title. Nil if there is none.
func (rd *reading) arguments() [][]byte {
	if rd.argsRead {
		return rd.argv
	}
	rd.argsRead = true
	t := rd.soleExecve()
	if t != nil && t.hasArgs {
		rd.argv = append(rd.argv[:0], t.args...)
		return rd.argv
	}
	if rd.readArguments(); len(rd.argv) == 0 && rd.executed() {
		rd.argv = rd.titleWords(rd.argv)
	}
	if t != nil {
		t.hasArgs, t.args = true, make([][]byte, len(rd.argv))
		for i, a := range rd.argv {
			t.args[i] = append(make([]byte, 0, len(a)), a...)
		}
	}
	return rd.argv
}

// soleExecve is the stencil of the only EXECVE record of an event; nil if there
// is none.
func (rd *reading) soleExecve() (t *stencil) {
	found := false
	for i := range rd.g.recs {
		if r := &rd.g.recs[i]; r.is(typeExecve) {
			if t = r.stencil; found {
				return nil
			}
			found = true
		}
	}
	return t
}

// argumentValues appends the arguments, and what some of them say besides: an
// odd spelling in plain words, a name in the working directory with its path.
func (rd *reading) argumentValues(dst [][]byte) [][]byte {
	argv := rd.arguments()
	dst = append(dst, argv...)
	for i, a := range argv {
		switch {
		case i > 0 && isName(a):
			if dir := rd.workDir(); len(dir) > 1 && dir[0] == '/' {
				dst = append(dst, rd.absolute(a, dir))
			}
		default:
			dst = appendSome(dst, rd.plain(a))
		}
	}
	return dst
}

// maxName is the longest name of a file, in bytes (NAME_MAX of Linux).
const maxName = 255

// isName reports whether an argument may be the relative name of a file.
func isName(arg []byte) bool {
	if len(arg) == 0 || len(arg) > maxName || arg[0] == '/' || arg[0] == '-' {
		return false
	}
	return !bytes.ContainsAny(arg, " \t\n=:\"'`$(){}<>|;&*")
}

// plain is text as spelling.Plain writes it; nil if that changes nothing.
func (rd *reading) plain(text []byte) []byte {
	out, changed := spelling.Plain(rd.scratch, text)
	if !changed {
		return nil
	}
	text, rd.scratch = out[len(rd.scratch):len(out):len(out)], out
	return text
}

func (rd *reading) readArguments() {
	rd.pieces = rd.pieces[:0]
	ordered := true
	for i := range rd.g.recs {
		r := &rd.g.recs[i]
		if !r.is(typeExecve) {
			continue
		}
		fields := rd.g.of(r)
		for j := range fields {
			ordered = rd.addArgument(r, &fields[j]) && ordered
		}
	}
	if !ordered {
		slices.SortStableFunc(rd.pieces, func(a, b argument) int {
			if a.index != b.index {
				return int(a.index) - int(b.index)
			}
			return int(a.chunk) - int(b.chunk)
		})
	}
	rd.joinPieces()
}

// addArgument adds a field if it is a piece of an argument, and reports whether
// it stands behind those before it.
func (rd *reading) addArgument(r *record, f *field) bool {
	index, chunk, ok := argName(rd.g.text(f.name))
	if !ok {
		return true
	}
	value := rd.g.text(f.value)
	if f.how == bare {
		if out, ok := unhex(rd.scratch, value, f.value.end == r.body.end && len(value) > 32); ok {
			value, rd.scratch = out[len(rd.scratch):len(out):len(out)], out
		}
	}
	ordered := true
	if n := len(rd.pieces); n > 0 {
		last := rd.pieces[n-1]
		ordered = last.index < index || (last.index == index && last.chunk < chunk)
	}
	rd.pieces = append(rd.pieces, argument{index, chunk, value})
	return ordered
}

// joinPieces makes the list out of pieces in order. A piece that is there twice in the
// same words is one: where the kernel and audisp both write to syslog, every record
// of an event stands there twice.
func (rd *reading) joinPieces() {
	rd.argv = rd.argv[:0]
	missing := 0
	rd.pieces = slices.CompactFunc(rd.pieces, argument.equal)
	for i := 0; i < len(rd.pieces); {
		p := rd.pieces[i]
		for uint32(len(rd.argv)) < p.index && missing < maxMissing {
			rd.argv = append(rd.argv, empty)
			missing++
		}
		n := i + 1
		for n < len(rd.pieces) && rd.pieces[n].index == p.index && rd.pieces[n].chunk > rd.pieces[n-1].chunk {
			n++
		}
		if n == i+1 {
			rd.argv = append(rd.argv, p.value)
		} else {
			at := len(rd.scratch)
			for _, q := range rd.pieces[i:n] {
				rd.scratch = append(rd.scratch, q.value...)
			}
			rd.argv = append(rd.argv, rd.scratch[at:len(rd.scratch):len(rd.scratch)])
		}
		i = n
	}
}

// empty is a value of no bytes, which is not an absent one.
var empty = []byte{}

// commandLine is the argument list joined by single blanks; failing that, the
// process title of an exec with its NULs as blanks. Nil if there is neither.
func (rd *reading) commandLine() []byte {
	if rd.lineRead {
		return rd.line
	}
	rd.lineRead = true
	rd.line = nil
	if argv := rd.arguments(); len(argv) > 0 {
		rd.line = rd.join(argv)
	} else if rd.executed() {
		rd.line = rd.title()
	}
	return rd.line
}

// join joins words by single blanks; one word is not copied.
func (rd *reading) join(words [][]byte) []byte {
	if len(words) == 1 {
		return words[0]
	}
	at := len(rd.scratch)
	for i, w := range words {
		if i > 0 {
			rd.scratch = append(rd.scratch, ' ')
		}
		rd.scratch = append(rd.scratch, w...)
	}
	return rd.scratch[at:len(rd.scratch):len(rd.scratch)]
}

// executed reports whether the event is an exec that did not fail: only then is the
// process title that of the program executed. That of an exec which failed is the
// caller's, and the kernel writes no EXECVE record of it.
func (rd *reading) executed() bool {
	rd.ready()
	return isExec(rd.syscall) && string(rd.g.value(rd.sys, idSuccess)) != "no"
}

// title is the process title: at most 128 bytes of the command line, and the
// process may have changed it.
func (rd *reading) title() []byte { return rd.get(rd.g.record(typeProctitle), idProctitle) }

// titleWords appends the words of the process title. The kernel takes it when exec
// returns, before the program could change it, so that they are the arguments; but
// it takes 128 bytes (MAX_PROCTITLE_AUDIT_LEN in kernel/audit.h), so that there may
// be more, and the last one may be longer.
func (rd *reading) titleWords(dst [][]byte) [][]byte {
	r := rd.g.record(typeProctitle)
	if r == nil {
		return dst
	}
	if r.form != rawForm { // what parted them is lost
		return append(dst, bytes.Fields(rd.title())...)
	}
	rd.g.restore(r)
	_, value, _ := bytes.Cut(rd.g.text(r.body), []byte("proctitle="))
	if bytes.HasPrefix(value, []byte{'"'}) {
		word, _, _ := bytes.Cut(value[1:], []byte{'"'})
		return append(dst, word)
	}
	value = value[:bareEnd(value, 0)]
	out, ok := unhex(rd.scratch, value, len(value) > 32)
	if !ok {
		return dst
	}
	title := bytes.TrimRight(out[len(rd.scratch):len(out):len(out)], "\x00")
	rd.scratch = out
	return append(dst, bytes.Split(title, []byte{0})...)
}
