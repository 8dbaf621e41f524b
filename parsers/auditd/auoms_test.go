package auditd

import (
	"strings"
	"testing"

	"tideline/parsers"
)

func TestAUOMS(t *testing.T) {
	line := `type=AUOMS_EXECVE audit(1652292621.990:84143): SchemaVersion="1" auoms_version=2.5.2.0 node=UBUNTU5 arch=x86_64 syscall=execve syscall_r=59 success=yes exit=0 ppid=1340 pid=17790 audit_user=unset auid=4294967295 user=tomcat uid=1001 tty=(none) ses="-1" comm="bash" exe="/bin/bash" key=auoms,delete cwd="/" name="/bin/bash" nametype=NORMAL argc=3 cmdline="bash -c "{echo,x}|{bash,-i} exe=/bin/false" containerid=bad" redactors= containerid=0123456789ab`
	fields := []string{"syscall", "success", "exe", "key", "cmdline", "container.id", "cwd", "name", "type"}
	whole, parted := seen(t, []string{line}, fields)
	if len(whole) != 1 || parted != nil {
		t.Fatalf("%d whole, %d parted", len(whole), len(parted))
	}
	for _, want := range []string{`2022-05-11 18:10:21.99`, `exe=["/bin/bash"]`, `key=["auoms" "delete"]`, `syscall=["execve"]`, `container.id=["0123456789ab"]`,
		`bash -c "{echo,x}|{bash,-i} exe=/bin/false`} {
		if !strings.Contains(whole[0], want) && !strings.Contains(whole[0], strings.ReplaceAll(want, `"{`, `\"{`)) {
			t.Errorf("no %s in %s", want, whole[0])
		}
	}
	if v := Format.Sniff([]byte(line), ""); v.Confidence != parsers.Certain {
		t.Errorf("%+v", v)
	}
}
