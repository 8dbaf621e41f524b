package auditd

import "tideline/parsers"

// mapping is what the fields of rules stand for. Values are decoded: quotes
// are off, hexadecimal of untrusted texts is read. Names of users are never
// looked up on the machine that reads the log.
var mapping = []parsers.Mapping{
	{View: "auditd", Field: "type", Is: "the record's type, by name"},
	{View: "auditd", Field: "syscall", Is: "of the event's SYSCALL record, two values: the number and the name"},
	{View: "auditd", Field: "SYSCALL ARCH", Is: "as an enriched log has them, else from syscall and arch"},
	{View: "auditd", Field: "UID AUID EUID GID SUID FSUID EGID SGID FSGID OUID OGID", Is: "as an enriched log has them, else root for 0, unset for 4294967295, else the number"},
	{View: "auditd", Field: "key", Is: "one value per key"},
	{View: "auditd", Field: "a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aN", Is: "of EXECVE: argument N, decoded and joined; of SYSCALL: the register a0 to a3 as hexadecimal text; of no other record"},
	{View: "auditd", Field: "cmdline", Is: "of EXECVE: the arguments joined by single blanks"},
	{View: "auditd", Field: "*", Is: "the record's field of that name; if it has none, that of the event's SYSCALL record"},

	{View: "process_creation", Field: "Image", Is: "exe: the path as the kernel knows it, of a script that of its interpreter"},
	{View: "process_creation", Field: "CommandLine", Is: "the arguments of EXECVE joined by single blanks, else, of an exec that succeeded, the process title, which is cut at 128 bytes"},
	{View: "process_creation", Field: "CurrentDirectory", Is: "cwd of the CWD record"},
	{View: "process_creation", Field: "LogonId", Is: "uid, and auid unless unset"},
	{View: "process_creation", Field: "ProcessId", Is: "pid"},
	{View: "process_creation", Field: "ParentProcessId", Is: "ppid"},
	{View: "process_creation", Field: "ParentImage ParentCommandLine ParentUser", Is: "Image, CommandLine and User of the process ppid, as last heard of before; absent if nothing was"},
	{View: "process_creation", Field: "TerminalSessionId", Is: "ses"},
	{View: "process_creation file_event network_connection", Field: "User", Is: "the name of uid, if the log tells it, and its number"},
	{View: "file_event", Field: "TargetFilename", Is: "name of a PATH with nametype=CREATE, made absolute with CWD or the PARENT record"},
	{View: "file_event network_connection", Field: "Image", Is: "exe"},
	{View: "network_connection", Field: "DestinationIp", Is: "address of SOCKADDR, decoded"},
	{View: "network_connection", Field: "DestinationPort", Is: "port of SOCKADDR, decoded"},
	{View: "network_connection", Field: "Initiated", Is: "true: connect was called"},
	{View: "network_connection", Field: "DestinationHostname", Is: "never there: audit records have addresses, no names"},

	{Field: "argv", Is: "the arguments, one value each; besides, the plain spelling of those that are odd (//, /./, ''), and relative names with the working directory. Of an exec without an EXECVE record they are the words of the process title, which is cut at 128 bytes"},
	{Field: "cmdline", Is: "the arguments joined by single blanks; besides, the plain spelling if that is another"},
	{Field: "argv0", Is: "the last part of the first argument"},
	{Field: "exe.base", Is: "the last part of exe"},
	{Field: "cli.tool", Is: "the program of the command, without sudo, env and the like before it; a known tool by its proper name, also if it calls itself otherwise, and kubectl by what it is asked for"},
	{Field: "cli.verb cli.sub cli.words cli.flags", Is: "its first and second word, all words, all options"},
	{Field: "cli.secret", Is: "the Secrets that a command of kubectl or its like names, or a path of the API or of etcd; * if it asks for Secrets and names none"},
	{Field: "cli.object", Is: "the containers, pods, files in them, or service accounts that the command names: web, web:/etc/x, pod api-0, pods of deploy/api"},
	{Field: "cli.namespace", Is: "the namespace that the command names; absent where it is about all of them"},
	{Field: "path", Is: "names of all PATH records, made absolute"},
	{Field: "path.written", Is: "of these, what the event makes, removes or renames, or opens to write, cuts off, or gives other rights or owners; not what a link leads to"},
	{Field: "name nametype", Is: "of all PATH records"},
	{Field: "exit", Is: "the number and the error's name"},
	{Field: "ptrace_attach", Is: "whether a ptrace attaches to a process or writes into it: true, false"},
	{Field: "open_write", Is: "whether an open may write, create or truncate: true, false"},
	{Field: "sock.family sock.ip sock.port sock.path", Is: "of SOCKADDR, decoded"},
	{Field: "parent.exe parent.exe.base ppid_exe parent.cmdline parent.user", Is: "of the process ppid, as last heard of"},
	{Field: "in_container", Is: "true, or absent"},
	{Field: "container.id container.name container.image container.pod container.namespace", Is: "of the container the process runs in, if the log tells"},
	{Field: "types", Is: "the types of all records; type only if there is one record"},
	{View: "auditd_event process_creation file_event network_connection", Field: "*", Is: "the SYSCALL record's field of that name, else those of all records"},
}
