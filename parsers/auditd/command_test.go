package auditd

import (
	"fmt"
	"strings"
	"testing"
)

func TestToolOfAnotherName(t *testing.T) {
	const event = `type=SYSCALL msg=audit(1775099045.100:7): arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 auid=1001 uid=1001 gid=1001 euid=1001 suid=1001 fsuid=1001 egid=1001 sgid=1001 fsgid=1001 tty=pts0 ses=3 comm="x" exe=%q key="exec"
type=EXECVE msg=audit(1775099045.100:7): argc=5 a0=%q a1="-n" a2="prod" a3="top" a4="pods"
`
	for _, c := range []struct{ exe, argv0, want string }{
		{"/usr/bin/kubectl", "[kworker/0:1]", "kubectl top"},
		{"/usr/local/bin/kubectl-1.29", "sshd", "kubectl top"},
		{"/usr/bin/bash", "kubectl.sh", "kubectl.sh prod"},
		{"/usr/local/bin/k3s", "containerd", "containerd prod"},
	} {
		got := values(t, fmt.Sprintf(event, c.exe, c.argv0), "auditd_event", "cli.tool", "cli.verb")
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s as %q: %q, want %s", c.exe, c.argv0, got, c.want)
		}
	}
}
