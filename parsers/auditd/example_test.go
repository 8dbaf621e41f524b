package auditd_test

import (
	"fmt"
	"strings"

	"tideline/parsers"
	"tideline/parsers/auditd"
)

// Four records, one event: the arguments are decoded, and sudo is seen through.
func Example() {
	log := `type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e syscall=59 success=yes exit=0 ppid=10 pid=11 auid=1001 uid=0 exe="/usr/bin/kubectl" key="exec"
type=EXECVE msg=audit(1740823200.123:42): argc=5 a0="sudo" a1="kubectl" a2="get" a3="secrets" a4=2D6F206A736F6E
type=CWD msg=audit(1740823200.123:42): cwd="/root"
type=PROCTITLE msg=audit(1740823200.123:42): proctitle=7375646F`

	fields := []string{"CommandLine", "User", "cli.tool", "cli.verb", "cli.sub"}
	dec := auditd.Format.NewDecoder(parsers.Options{Fields: fields})
	show := func(ev *parsers.Event) error {
		fmt.Printf("%s %s by %s: %s\n", ev.Time.Format("15:04:05.000"), ev.Facts.Action, ev.Facts.Name, ev.Facts.Outcome)
		for _, v := range ev.Views {
			if auditd.Format.Kinds[v.Kind].Name != "process_creation" {
				continue
			}
			for i, name := range fields {
				fmt.Printf("  %s = %s\n", name, v.Fields.Values(nil, i))
			}
		}
		return nil
	}
	for line := range strings.SplitSeq(log, "\n") {
		if err := dec.Decode(&parsers.Record{Data: []byte(line), Raw: []byte(line)}, show); err != nil {
			fmt.Println(err)
		}
	}
	if err := dec.Flush(show); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 10:00:00.123 execve by auid=1001: allowed
	//   CommandLine = [sudo kubectl get secrets -o json]
	//   User = [root 0]
	//   cli.tool = [kubectl]
	//   cli.verb = [get]
	//   cli.sub = [secrets]
}
