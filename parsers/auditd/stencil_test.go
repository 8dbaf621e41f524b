package auditd

import (
	"bytes"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

// lookedAt are fields as the built-in rules decide by them, and behind them some
// that are only looked up for a hit.
func lookedAt() (fields []string, asked int) {
	fields = strings.Fields(`cmdline argv cli.tool cli.verb cli.words argv0 in_container container.id exe.base exe comm auid AUID parent.exe.base
		parent.cmdline parent.user container.image cwd path nametype name syscall SYSCALL ARCH open_write path.written ptrace_attach sock.port sock.ip sock.path sock.family success
		exit type types key ses tty uid proctitle msg unit acct res Image CommandLine CurrentDirectory User LogonId ParentImage TargetFilename
		DestinationIp DestinationPort`)
	asked = len(fields)
	return append(fields, "pid", "ppid", "a0", "a1", "a2", "a3", "inode", "ProcessId"), asked
}

// told is what a decoder made of a log.
type told struct {
	events, errors []string
	stencils       int // records that fitted one
	like           int // events that were said to be like another
	akin           int // events that were said to be akin to another
}

// readLog decodes lines, with stencils or without. Every event that is said to be
// like another is held to what that means. lazy: such an event is not looked into.
func readLog(t testing.TB, o parsers.Options, lines [][]byte, stencils bool) (out told) {
	t.Helper()
	d := newDecoder(o).(*decoder)
	if !stencils {
		d.stencils, d.routines = nil, nil
	}
	alike := parsertest.Alike{Keywords: true}
	kin := map[viewPlace]string{}
	tell := func(err error) {
		if err != nil {
			out.errors = append(out.errors, err.Error())
		}
	}
	emit := func(ev *parsers.Event) error {
		for i := range d.rd.g.recs {
			if d.rd.g.recs[i].stencil != nil {
				out.stencils++
			}
		}
		alike.See(t, ev, func(bool) string { return constant(o, ev) })
		if ev.Akin > 0 {
			out.akin++
			for place, now := range fixed(o, ev) {
				if first, ok := kin[place]; ok && first != now {
					t.Fatalf("events that are akin differ:\n%s\n%s", first, now)
				}
				kin[place] = now
			}
		}
		out.events = append(out.events, fmt.Sprintf("%s %q %v %v %v %q", parsertest.Render(Format, o.Fields, ev), ev.Facts, ev.Time, ev.Origin, ev.Pos, ev.Records()))
		return nil
	}
	at := parsers.Pos{Line: 1}
	for i := 0; i < len(lines); {
		if stencils { // some lines at a time
			n, size, bad, err := d.Run(append(bytes.Join(lines[i:min(len(lines), i+41)], []byte("\n")), '\n'), at, new(parsers.Origin), emit)
			i, at.Line, at.Offset = i+n, at.Line+int64(n), at.Offset+int64(size)
			switch {
			case err == nil && n > 0:
				continue
			case err == nil:
			case !bytes.Equal(bad.Raw, lines[i]):
				t.Fatalf("%q is said to be bad, line %d is %q", bad.Raw, i, lines[i])
			default:
				tell(err)
				at.Line, at.Offset = at.Line+1, at.Offset+int64(len(lines[i])+1)
				i++
				continue
			}
		}
		at.Length = int64(len(lines[i]))
		rec := parsers.Record{Data: lines[i], Raw: lines[i], Pos: at}
		tell(d.Decode(&rec, emit))
		at.Line, at.Offset = at.Line+1, at.Offset+at.Length+1
		i++
	}
	tell(d.Flush(emit))
	out.like = alike.Used
	return out
}

// constant spells out what must be equal in events that are alike.
func constant(o parsers.Options, ev *parsers.Event) string {
	c := *ev
	c.Time, c.Origin.Time, c.Pos, c.Raw, c.Unread = time.Time{}, time.Time{}, make([]parsers.Pos, len(ev.Pos)), make([][]byte, len(ev.Pos)), nil
	c.Views = slices.Clone(ev.Views)
	for i, v := range c.Views {
		c.Views[i].Fields = steady{v.Fields, v.Varies}
	}
	return fmt.Sprintf("%s %q %v %d", parsertest.Render(Format, o.Fields, &c), c.Facts, c.Origin, c.Decisive)
}

// steady are fields without what varies.
type steady struct {
	parsers.Fields
	varies *parsers.Variation
}

func (s steady) Values(dst [][]byte, field int) [][]byte {
	if s.varies == nil {
		return s.Fields.Values(dst, field)
	}
	if slices.Contains(s.varies.Fields, field) {
		return dst
	}
	n := len(dst)
	dst = s.Fields.Values(dst, field)
	if slices.Contains(s.varies.Numbers, field) {
		for i, v := range dst[n:] {
			if len(v) <= 64 && len(bytes.Trim(v, "0123456789abcdefABCDEF")) == 0 {
				dst[n+i] = []byte("a number")
			}
		}
	}
	return dst
}

func (s steady) Keywords(dst [][]byte) [][]byte {
	if s.varies != nil && s.varies.Words {
		return dst
	}
	for _, v := range s.Fields.Keywords(nil) {
		if len(v) > 64 || len(bytes.Trim(v, "0123456789abcdefABCDEF")) > 0 {
			dst = append(dst, v)
		}
	}
	return dst
}

// A viewPlace is where views are that are alike in events that are akin.
type viewPlace struct {
	akin        uint64
	place, kind int
}

// fixed spells out, view by view, what must be equal in events that are akin: what
// rules decide by, but for what varies.
func fixed(o parsers.Options, ev *parsers.Event) map[viewPlace]string {
	out := map[viewPlace]string{}
	for i, v := range ev.Views {
		var b strings.Builder
		fields := steady{v.Fields, v.Varies}
		for f := range o.Asked {
			fmt.Fprintf(&b, "%s=%q\n", o.Fields[f], fields.Values(nil, f))
		}
		fmt.Fprintf(&b, "%q %p", fields.Keywords(nil), v.Varies)
		out[viewPlace{ev.Akin, i, v.Kind}] = b.String()
	}
	return out
}

// sameEitherWay demands that stencils change nothing.
func sameEitherWay(t testing.TB, lines [][]byte) told {
	t.Helper()
	fields, asked := lookedAt()
	o := parsers.Options{Fields: fields, Asked: asked, Brief: true}
	with, without := readLog(t, o, lines, true), readLog(t, o, lines, false)
	if without.stencils+without.like > 0 {
		t.Fatal("used, though they are off")
	}
	parsertest.Same(t, with.events, without.events)
	parsertest.Same(t, with.errors, without.errors)
	return with
}

// repeated is a log of n events that are the same again and again, but for
// processes, files and registers, of a host where containers run.
func repeated(n int, r *rand.Rand) [][]byte {
	var b bytes.Buffer
	runc := strings.Repeat("ab12", 16)
	for i := range n {
		pid, ppid := 100+r.Intn(300), 100+r.Intn(300)
		id := fmt.Sprintf("msg=audit(%d.%03d:%d):", 1740823200+i/50, i%1000, 1000+i)
		call := func(number int, success, regs, rest string) {
			fmt.Fprintf(&b, "type=SYSCALL %s arch=c000003e syscall=%d success=%s exit=0 %s items=1 ppid=%d pid=%d %s\n", id, number, success, regs, ppid, pid, rest)
		}
		regs := fmt.Sprintf("a0=%x a1=%x a2=%x a3=0", r.Uint32(), r.Uint32(), r.Intn(4)*0x40)
		who := "auid=4294967295 uid=0 gid=0 tty=(none) ses=4294967295"
		switch r.Intn(9) {
		case 0, 1:
			call(59, "yes", regs, who+` comm="cat" exe="/usr/bin/cat" subj=unconfined key="exec"`)
			fmt.Fprintf(&b, "type=EXECVE %s argc=3 a0=\"cat\" a1=\"/etc/hosts\" a2=2D2D20\n", id)
			fmt.Fprintf(&b, "type=CWD %s cwd=\"/root\"\n", id)
			fmt.Fprintf(&b, "type=PATH %s item=0 name=\"/usr/bin/cat\" inode=%d dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\x1dOUID=\"root\"\n", id, r.Intn(99999))
			fmt.Fprintf(&b, "type=PROCTITLE %s proctitle=636174002F6574632F686F737473\n", id)
		case 2:
			call(59, "yes", regs, who+` comm="runc" exe="/usr/bin/runc" key="exec"`)
			fmt.Fprintf(&b, "type=EXECVE %s argc=3 a0=\"runc\" a1=\"start\" a2=\"%s\"\n", id, runc)
			fmt.Fprintf(&b, "type=PROCTITLE %s proctitle=\"runc\"\n", id)
			fmt.Fprintf(&b, "type=EOE %s \n", id)
		case 3, 4:
			call(257, "yes", regs, who+` comm="python3" exe="/usr/bin/python3" key=636F6E666967016B`)
			fmt.Fprintf(&b, "type=CWD %s cwd=\"/opt\"\n", id)
			fmt.Fprintf(&b, "type=PATH %s item=0 name=\"etc/a%d\" inode=%d dev=08:01 nametype=CREATE\n", id, r.Intn(3), r.Intn(99999))
			fmt.Fprintf(&b, "type=PATH %s item=1 name=\"/opt\" nametype=UNKNOWN\n", id)
			fmt.Fprintf(&b, "type=PROCTITLE %s proctitle=\"python3\"\n", id)
			fmt.Fprintf(&b, "type=EOE %s\n", id)
		case 5:
			call(42, "no", regs, who+` comm="agent" exe="/bin/agent" subj=system_u:system_r:container_t:s0:c1 key="net"`)
			fmt.Fprintf(&b, "type=SOCKADDR %s saddr=020001BB0A2C12AF0000000000000000\x1dSADDR={ saddr_fam=inet laddr=10.44.18.175 lport=443 }\n", id)
			fmt.Fprintf(&b, "type=PROCTITLE %s proctitle=\"agent\"\n", id)
		case 6:
			fmt.Fprintf(&b, "type=USER_START %s pid=%d uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:session_open acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success'\x1dUID=\"root\"\n", id, pid)
		case 7:
			call(56, "yes", regs, who+` comm="cat" exe="/usr/bin/cat" key=(null)`)
		case 8:
			fmt.Fprintf(&b, "node=n%d type=SERVICE_START %s pid=1 uid=0 msg='unit=x comm=\"systemd\" res=success'\n", r.Intn(2), id)
		}
	}
	return bytes.Split(bytes.TrimSuffix(b.Bytes(), []byte("\n")), []byte("\n"))
}

func TestStencilsChangeNothing(t *testing.T) {
	got := sameEitherWay(t, repeated(3000, rand.New(rand.NewSource(1))))
	if got.like < 1500 || got.stencils < 10000 {
		t.Errorf("only %d records fitted a stencil, and %d events were like others", got.stencils, got.like)
	}
}

// TestStencilsChangeNothingOfCorpus reads each real log several times over, as
// itself and behind what shippers put before a line.
func TestStencilsChangeNothingOfCorpus(t *testing.T) {
	total := 0
	for name, log := range corpusLogs(t) {
		var lines [][]byte
		for _, prefix := range []string{"", "node=h1 ", "Mar  1 10:00:00 host audispd: "} {
			for i := range 6 { // each time with serial numbers of its own
				stamped := bytes.ReplaceAll(log, []byte("): "), fmt.Appendf(nil, "%d): ", i))
				for line := range bytes.SplitSeq(stamped, []byte("\n")) {
					if len(line) > 0 && line[0] == 't' {
						lines = append(lines, append([]byte(prefix), line...))
					}
				}
			}
		}
		t.Run(name, func(t *testing.T) { total += sameEitherWay(t, lines).stencils })
	}
	if total < 1000 {
		t.Errorf("only %d records fitted a stencil", total)
	}
}

// TestNothingHidesInAHole changes single bytes of records that fit stencils: each
// must be read as if there were none.
func TestNothingHidesInAHole(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	lines := append(repeated(300, r), various(300, r)...)
	odd := []byte(" =\"'\x1d,)(:{}\\\x00~-agzAF09")
	var mixed [][]byte
	for i := range 12000 {
		line := lines[i%len(lines)]
		if i > 4*len(lines) && r.Intn(3) == 0 {
			line = bytes.Clone(line)
			at := bytes.IndexByte(line, ')') + 1
			for range min(1+r.Intn(2), len(line)-at) {
				switch k := at + r.Intn(len(line)-at); r.Intn(3) {
				case 0:
					line[k] = odd[r.Intn(len(odd))]
				case 1:
					line = append(line[:k], line[k+1:]...)
				case 2:
					line = append(line[:k], append([]byte{odd[r.Intn(len(odd))]}, line[k:]...)...)
				}
			}
		}
		mixed = append(mixed, line)
	}
	if got := sameEitherWay(t, mixed); got.stencils < 6000 {
		t.Errorf("only %d records fitted a stencil", got.stencils)
	}
}

// TestForgedNamesAreNoHoles puts what looks like a hole where it is none.
func TestForgedNamesAreNoHoles(t *testing.T) {
	for _, body := range []string{
		`SYSCALL %s arch=c000003e syscall=59 success=yes comm="a ppid=1 pid=%d b" exe="/x" ppid=7 pid=%d uid=0`,
		`SYSCALL %s arch=c000003e syscall=59 success=yes ppid=7 pid=%d uid=0 pid=%d exe="/x"`,
		`PATH %s item=0 name="/x inode=%d" inode=%d nametype=NORMAL`,
		`PATH %s item=0 name=/x'inode=%d inode=%d nametype=NORMAL`,
		`USER_CMD %s pid=%d uid=0 msg='cwd="/" cmd=6C73 pid=%d terminal=? res=success'`,
		`EXECVE %s argc=2 a0=%d a1=%d`,
	} {
		var lines [][]byte
		for i := range 60 {
			id := fmt.Sprintf("msg=audit(1740823200.%03d:%d):", i, i+1)
			lines = append(lines, fmt.Appendf(nil, "type="+body, id, 10+i%7, 20+i%5))
		}
		sameEitherWay(t, lines)
	}
}

// TestAskedFieldsAreNoHoles: what rules decide by is compared.
func TestAskedFieldsAreNoHoles(t *testing.T) {
	lines := repeated(800, rand.New(rand.NewSource(3)))
	for _, asked := range []string{"pid", "ppid", "ProcessId", "ParentProcessId", "a0", "a2", "inode", "open_write", "path.written", "ptrace_attach"} {
		o := parsers.Options{Fields: []string{"exe", asked, "pid", "ppid", "inode", "a0"}, Asked: 2}
		if got := readLog(t, o, lines, true); got.like == 0 && !strings.Contains(strings.ToLower(asked), "p") {
			t.Errorf("%s: no event was like another", asked)
		}
	}
}

// TestStencilsTellCallsApart: what decides is no hole, wherever it stands, and what is
// worked out of a record that stands for others is not that of another event.
func TestStencilsTellCallsApart(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	var b bytes.Buffer
	for i := range 1500 {
		id := fmt.Sprintf("msg=audit(%d.%03d:%d):", 1740823200+i/50, i%1000, 1000+i)
		pid, who := 100+r.Intn(300), `auid=4294967295 uid=0 gid=0 tty=(none) ses=4294967295 comm="x"`
		switch r.Intn(6) {
		case 5:
			fmt.Fprintf(&b, "type=SYSCALL %s arch=c000003e syscall=101 success=yes exit=0 a0=%x a1=%x a2=0 a3=0 items=0 ppid=1 pid=%d %s exe=\"/usr/bin/gdb\" key=(null)\n", id, []int{0, 4, 7, 16, 0x4206}[r.Intn(5)], r.Uint32(), pid, who)
		case 0:
			fmt.Fprintf(&b, "type=SYSCALL %s arch=40000003 syscall=102 success=yes exit=0 a0=%d a1=%x a2=0 a3=0 items=0 ppid=1 pid=%d %s exe=\"/bin/nc\" key=(null)\n", id, 2+r.Intn(2), r.Uint32(), pid, who)
			fmt.Fprintf(&b, "type=SOCKADDR %s saddr=02001F90A9FEA9FE0000000000000000\n", id)
		case 1:
			fmt.Fprintf(&b, "type=SYSCALL %s arch=c000003e syscall=59 success=yes exit=0 a0=%x a1=0 a2=0 a3=0 items=2 ppid=1 pid=%d %s exe=\"/usr/bin/kubectl\" key=(null)\n", id, r.Uint32(), pid, who)
			fmt.Fprintf(&b, "type=PROCTITLE %s proctitle=6B75626563746C0067657400%s\n", id, []string{"706F6473", "73656372657473"}[r.Intn(2)])
		case 2:
			fmt.Fprintf(&b, "type=SECCOMP %s auid=4294967295 uid=0 gid=0 ses=4294967295 subj=%s pid=%d comm=\"x\" exe=\"/x\" sig=31 code=0x0\n", id, []string{"docker-default", "unconfined"}[r.Intn(2)], pid)
		case 3:
			fmt.Fprintf(&b, "type=AVC %s avc:  denied  { read } for  pid=%d comm=\"x\" name=\"token\" scontext=a:b:%s:s0 tcontext=c tclass=file\n", id, pid, []string{"container_t", "sshd_t"}[r.Intn(2)])
		case 4:
			at := fmt.Sprintf("Mar 01 10:00:%02d n1 ", i/30)
			fmt.Fprintf(&b, "%saudit[%d]: SYSCALL arch=c000003e syscall=59 success=yes exit=0 a0=%x items=2 ppid=1 pid=%d %s exe=\"/bin/id\" key=(null)\n", at, pid, r.Uint32(), pid, who)
			fmt.Fprintf(&b, "%saudit: EXECVE argc=1 a0=\"id\"\n%saudit: CWD cwd=\"/root\"\n%saudit: PROCTITLE proctitle=\"id\"\n", at, at, at)
		}
	}
	if got := sameEitherWay(t, bytes.Split(bytes.TrimSuffix(b.Bytes(), []byte("\n")), []byte("\n"))); got.like < 500 {
		t.Errorf("only %d events were like others", got.like)
	}
}

// TestStencilsAreBounded: a log that never repeats itself leaves nothing behind,
// one that keeps changing not more than the budget.
func TestStencilsAreBounded(t *testing.T) {
	d := newDecoder(parsers.Options{Fields: []string{"exe"}}).(*decoder)
	emit := func(*parsers.Event) error { return nil }
	for i := range 300_000 {
		line := fmt.Appendf(nil, "type=CWD msg=audit(1740823200.%03d:%d): cwd=\"/a%d\"", i%1000, i, i/6)
		if err := d.Decode(&parsers.Record{Data: line, Raw: line}, emit); err != nil {
			t.Fatal(err)
		}
	}
	kept := 0
	for i := range d.stencils.sets {
		for _, s := range d.stencils.sets[i].ways {
			if s != nil {
				kept++
			}
		}
	}
	if met := &d.stencils.met; met.budget < 0 || len(d.routines.likes) > maxLikes || kept > stencilSets*stencilWays || kept == 0 {
		t.Errorf("%d stencils, %d likes, budget %d", kept, len(d.routines.likes), met.budget)
	}
}

// TestRepeatedEventsCostNoAllocation once they are known.
func TestRepeatedEventsCostNoAllocation(t *testing.T) {
	fields, asked := lookedAt()
	d := newDecoder(parsers.Options{Fields: fields, Asked: asked}).(*decoder)
	emit := func(*parsers.Event) error { return nil }
	lines := repeated(30000, rand.New(rand.NewSource(4)))
	for i, line := range lines { // of one node: no serial number is missing
		lines[i] = line[max(0, bytes.Index(line, []byte("type="))):]
	}
	rec := parsers.Record{}
	run := func(lines [][]byte) {
		for i := range lines {
			rec.Data, rec.Raw = lines[i], lines[i]
			if err := d.Decode(&rec, emit); err != nil {
				t.Fatal(err)
			}
		}
	}
	most := len(lines) * 29 / 30
	run(lines[:most])
	half := (most + len(lines)) / 2
	parts := [][][]byte{lines[most:half], lines[half:]} // AllocsPerRun warms up with one run
	allocs := testing.AllocsPerRun(1, func() {
		run(parts[0])
		parts = parts[1:]
	})
	if perEvent := allocs / 500; perEvent > 0.1 {
		t.Errorf("%.2f allocations per event", perEvent)
	}
}

// FuzzStencils reads a log of mutated records over and over.
func FuzzStencils(f *testing.F) {
	for _, line := range repeated(40, rand.New(rand.NewSource(6))) {
		f.Add(line, line, uint8(3))
	}
	many := various(60, rand.New(rand.NewSource(9)))
	for i, line := range many {
		f.Add(line, many[(i*7+1)%len(many)], uint8(90))
	}
	f.Fuzz(func(t *testing.T, a, b []byte, cut uint8) {
		if len(a)+len(b) > 4000 || bytes.IndexByte(a, '\n') >= 0 || bytes.IndexByte(b, '\n') >= 0 {
			return
		}
		var lines [][]byte
		for i := range 12 {
			lines = append(lines, a, b, append(bytes.Clone(a[:len(a)*int(cut)/256]), b[len(b)*int(cut)/256:]...))
			if i%4 == 3 { // other numbers
				a, b = bytes.ReplaceAll(a, []byte("1"), []byte("27")), bytes.ReplaceAll(b, []byte("=1"), []byte("=3"))
			}
		}
		sameEitherWay(t, lines)
	})
}

// TestKindsOfRecordsDoNotDisplaceOneAnother: a log has many types, PATH records with
// an inode and without, and marks without a field. All become stencils.
func TestKindsOfRecordsDoNotDisplaceOneAnother(t *testing.T) {
	var lines [][]byte
	types := []string{"USER_ACCT", "USER_START", "USER_END", "CRED_ACQ", "CRED_DISP", "CRYPTO_KEY_USER", "SERVICE_START", "SERVICE_STOP", "USER_LOGIN", "USER_CMD", "LOGIN", "NETFILTER_CFG", "BPF", "AVC"}
	for i := range 100 {
		add := func(kind, body string) {
			lines = append(lines, fmt.Appendf(nil, "type=%s msg=audit(1740823200.%03d:%d):%s", kind, i, i*100+len(lines)%100, body))
		}
		add("PATH", ` item=0 name="/gone" nametype=UNKNOWN`)
		for _, kind := range types {
			add(kind, fmt.Sprintf(" pid=%d uid=0 auid=0 ses=1 msg='op=x res=success'", 1+i))
		}
		add("PATH", fmt.Sprintf(` item=0 name="/here" inode=%d dev=fd:00 nametype=NORMAL`, 7+i))
		add("PATH", fmt.Sprintf(` item=0 name="/here" inode=%d dev=fd:00 obj=a:b nametype=NORMAL`, 7+i))
		add("EOE", " ")
	}
	if got := sameEitherWay(t, lines); got.stencils < len(lines)*4/5 {
		t.Errorf("%d of %d records fitted a stencil", got.stencils, len(lines))
	}
}

// various is a log of n events that do the same to one file or address after the
// other, in some forms that fit no loose stencil.
func various(n int, r *rand.Rand) [][]byte {
	var lines [][]byte
	for i := range n {
		id := fmt.Sprintf("msg=audit(%d.%03d:%d):", 1740823200+i/50, i%1000, 1000+i)
		add := func(format string, args ...any) {
			lines = append(lines, fmt.Appendf(nil, strings.Replace(format, "ID", id, 1), args...))
		}
		call := func(number int, rest string) {
			add("type=SYSCALL ID arch=c000003e syscall=%d success=yes exit=3 a0=%x a1=%x a2=0 a3=0 items=1 ppid=%d pid=%d auid=4294967295 uid=0 gid=0 tty=(none) ses=4294967295 %s",
				number, r.Uint32(), r.Uint32(), 1+r.Intn(9), 100+r.Intn(300), rest)
		}
		name := fmt.Sprintf("/etc/app%d/conf-%d.d/%x", r.Intn(20), r.Intn(20), r.Intn(5))
		switch r.Intn(12) { // most are plain
		case 0:
			name = fmt.Sprintf("etc//a%d/../%x", r.Intn(99), r.Intn(99))
		case 1:
			name = "/etc/shadow"
		case 2:
			name = fmt.Sprintf("/etc/a=%d,nametype=CREATE", r.Intn(99))
		case 3:
			name = fmt.Sprintf("/x#035NAME=%d'", r.Intn(99))
		}
		name = `"` + name + `"`
		if r.Intn(12) == 0 {
			name = fmt.Sprintf("2F%X", fmt.Sprintf("a b%d", r.Intn(99)))
		}
		switch r.Intn(6) {
		case 0, 1:
			call(257, `comm="python3" exe="/usr/bin/python3" key="config"`)
			add(`type=CWD ID cwd="/opt"`)
			add(`type=PATH ID item=0 name=%s inode=%d dev=08:01 mode=0100755 nametype=NORMAL%s`, name, r.Intn(999), "\x1dOUID=\"root\"")
			add(`type=PROCTITLE ID proctitle="python3"`)
		case 2:
			call(263, `comm="rm" exe="/bin/rm" key=(null)`)
			add(`type=CWD ID cwd="/opt"`)
			add(`type=PATH ID item=0 name="/opt/%d" inode=7 nametype=PARENT`, r.Intn(99))
			add(`type=PATH ID item=1 name=%s inode=%d nametype=%s`, name, r.Intn(99), []string{"DELETE", "CREATE"}[r.Intn(2)])
			add(`type=PROCTITLE ID proctitle="rm"`)
		case 3, 4:
			call(42, `comm="agent" exe="/bin/agent" key="net"`)
			a, b, port := r.Intn(250), r.Intn(250), []int{443, 80, 6443}[r.Intn(3)]
			enriched := fmt.Sprintf("\x1dSADDR={ saddr_fam=inet laddr=10.0.%d.%d lport=%d }", a, b, port)
			family := "0200"
			switch r.Intn(8) {
			case 0:
				family = "0A00" // too short for one
			case 1:
				enriched = fmt.Sprintf("\x1dSADDR={ saddr_fam=local path=/run/{%d} }", a)
			case 2:
				family = fmt.Sprintf("0100%X0", a) // perhaps half a byte
			}
			add("type=SOCKADDR ID saddr=%s%04X0A00%02X%02X0000000000000000%s", family, port, a, b, enriched)
			add(`type=PROCTITLE ID proctitle="agent"`)
		case 5:
			call(59, `comm="cat" exe="/usr/bin/cat" key="exec"`)
			add(`type=EXECVE ID argc=2 a0="cat" a1=%s`, name)
			add(`type=PATH ID item=0 name=%s inode=%d dev=08:01 mode=0100755 nametype=NORMAL`, name, r.Intn(999))
			add(`type=PROCTITLE ID proctitle="cat"`)
		}
	}
	return lines
}

func TestLooseStencilsChangeNothing(t *testing.T) {
	got := sameEitherWay(t, various(4000, rand.New(rand.NewSource(8))))
	if got.akin < 800 || got.stencils < 10000 {
		t.Errorf("only %d records fitted a stencil, and %d events were akin to others", got.stencils, got.akin)
	}
}
