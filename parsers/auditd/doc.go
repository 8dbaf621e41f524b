// Package auditd reads the Linux audit log: what programs were started, which
// files and sockets they touched, and who logged in.
//
//	type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e syscall=59 success=yes ... exe="/usr/bin/kubectl"
//	type=EXECVE msg=audit(1740823200.123:42): argc=3 a0="kubectl" a1="get" a2="secrets"
//
// # Format
//
// A record is a line: a type, a stamp, and fields. These spellings are read:
//
//   - audit.log of auditd, RAW and ENRICHED. The byte 0x1D before the
//     interpreted part may be missing, as it is after copying a text, or be spelled
//     #035, as rsyslog does: the names that auditd puts there are known;
//   - the same behind node=, a syslog prefix (audisp, rsyslog) or the name of a file
//     (grep), and as the kernel prints it (audit: type=1300 audit(...));
//   - "ausearch --raw", "ausearch" (with its separators, last record first) and
//     "ausearch -i" (decoded values without quotes);
//   - journald: text (audit[1]: SYSCALL ..., which has lost the stamp) and JSON;
//   - with tabs for blanks, or with quotes as tables, SQL and XML spell them;
//   - lines that hold all records of an event, as Wazuh keeps them, and its JSON;
//   - JSON of laurel, go-audit, auditbeat, filebeat's module auditd and osquery's event
//     tables; lines of auoms.
//
// Values that the kernel calls untrusted (comm, exe, name, cwd, proctitle, key,
// the arguments of EXECVE and the others in names.go) are decoded if they stand
// there as upper-case hexadecimal without quotes; nothing else ever is, and a
// value in quotes is taken as it stands. (null), (none) and ? stay as text.
//
// # Time
//
// The stamp's seconds since 1970, with milliseconds. "ausearch -i" prints local
// time without its zone: it is taken for UTC and a note says so. Journald's text
// has no stamp: the time before it is used if it has a year and a zone.
//
// # Fields
//
// The arguments of a program are those of its EXECVE records. Where there is none
// (it was excluded, or dropped, or lies in another file), an exec that succeeded has
// the words of its process title as argv, argv0, cmdline and cli.*: the kernel takes
// it before the program could change it, but no more than 128 bytes of it, so that
// the last word may be cut and others be missing. Views of records are not given what
// they do not have: a rule on type=EXECVE sees no such event.
//
// An event has one view per record (kind auditd), and derived ones:
//
//	kind                from
//	auditd              each record: its own fields, then those of the event's SYSCALL record, but never a0 to a3
//	process_creation    execve, execveat with success=yes
//	file_event          each PATH with nametype=CREATE
//	network_connection  connect to an Internet address
//	auditd_event        the event as a whole
//
// mapping.go has the table of all fields, which `tideline rules show --fields`
// prints. Fields of auditd_event can be asked of all derived kinds. Names of users are
// never looked up on the machine that reads the log.
//
// # Grouping
//
// Records with the same time and serial number are one event, if their nodes
// do not contradict each other. The last 256 events are kept open, so that
// records may be interleaved or late; an event is given out in the order in
// which events began, when 256 younger ones have begun, when 8 MiB are in use,
// or at the end of the stream. No clock has a part in it. The end of event mark
// (EOE) is not waited for: auditd does not write it to its log.
//
// Journald's text has no serial numbers. There, records of one process at one time
// are one event, and those that name no process (EXECVE, CWD, PATH, PROCTITLE) belong
// to the call before them; see journaltext.go.
//
// A log in which every record stands twice, as the syslog of a host does if the kernel
// and audisp both write to it, tells of the same events: an argument or a path that is
// told twice in the same words is one.
//
// A rotation may part an event. One that lacks its system call or its last
// record, and lies within that window of the beginning or the end of a stream,
// is given out with its records (parsers.Parted); whoever has all files of the
// rotation set has them decoded again as one event (Format.Rejoin). What is
// known of processes is not carried over: a parent that is only in an older
// file of the set is unknown.
//
// # Repetition
//
// Most of a log repeats itself but for the numbers of processes and files. A record
// that was met several times becomes a stencil, with holes for those; a record that
// fits it byte for byte around the holes is not cut into fields, and no more of it is
// kept than what is in the holes: its text is made again if somebody asks. An event
// whose records fit the stencils of an earlier one, of a process whose parent and
// container are alike as far as rules ask, is said to be like that one
// (parsers.Likeness). What came behind a record before is tried first, straight on the
// block that the stream was read into (run.go). What is remembered is bounded.
//
// Rules that decide by a process id or an inode make such numbers part of the record.
// The registers of a call stay in their holes, whatever rules decide by: many mean the
// arguments of an EXECVE by a0 to a3, and no two calls have the same registers. An event
// says in what it differs from those like it (parsers.Variation), and whoever has rules
// sees which of them cannot tell. The words, in the order in which they build on one
// another:
//
//	shape     how the fields of a record follow one another: names, and what stands between
//	plan      where the holes of records of a type are: behind which names
//	stencil   a record with holes
//	loose     of a stencil: it has holes also for a path or an address that rules decide by
//	cut       a field of a stencil, and where it stands
//	ghost     a record of which nothing is kept but its stencil and what is in the holes
//	step      what came so far of an event whose records fit stencils; steps are a tree
//	routine   events whose records fit the same stencils in the same order
//	guise     what was last heard of a process: program, command, user, container
//	kin       what rules can ask of where a process comes from
//	like      what an event of one routine and one kin says, but for what is in the holes
//	sighting  that something was met before, told by a hash
//
// # Where things are
//
// From a line to fields:
//
//	format.go foreign.go                        what is a record, and what else stands in such logs
//	header.go plainhead.go rectype.go           type and stamp in front of the body
//	lex.go interpreted.go shape.go names.go     the body, as the kernel and as "ausearch -i" write it
//	escaped.go joined.go decode.go              what carried the line changed in it
//	json.go laurel.go shippers.go osquery.go    other spellings of records and events
//	wazuh.go auoms.go journaljson.go journaltext.go
//
// From records to events:
//
//	decoder.go window.go group.go               records are grouped
//	serial.go parted.go carry.go                numbers that are missing; events over two files; logs that grew
//
// What an event means, worked out when it is asked for:
//
//	reading.go output.go facts.go outcome.go    the event as it is handed out
//	view.go eventview.go columns.go mapping.go  its fields
//	syscalls.go tables.go gen.go ptrace.go      system calls and errors
//	argv.go paths.go written.go sockaddr.go     arguments, files and what becomes of them, addresses
//	proctable.go lineage.go                     processes and where they come from
//	command.go                                  what a command line asks of which tool: see package cmdline
//
// Repetition, see above:
//
//	stencil.go shape.go plan.go loose.go        stencils, and where their holes are
//	match.go ghost.go sightings.go              records that fit one
//	routine.go step.go run.go variation.go      events whose records do, and in what they differ
//	reuse.go                                    what of all that serves the next stream
//
// # Losses
//
// Notes: audit.serial_gap (numbers missing between two events of a node; the
// wrap at 2^32 and the start of a machine are none), audit.dup_field,
// audit.incomplete_stamp, audit.local_time, audit.event_split, audit.separator,
// audit.lost (the kernel's word that it dropped records).
// Gaps: audit.bad_header, audit.bad_json, audit.too_many_fields; line.broken, where a
// record was not written to its end and the next one stands in the same line.
//
// # Sources
//
// Linux kernel/audit.c, kernel/auditsc.c, include/uapi/linux/audit.h;
// audit-userspace lib/, auparse/, docs/auditd.conf.5, ausearch.8; man
// laurel-about(7); systemd.journal-fields(7). The tables of system calls and
// errors are generated from golang.org/x/sys; x86_64 calls are named as the
// kernel names them (pread64), where ausearch has its own name (pread).
package auditd
