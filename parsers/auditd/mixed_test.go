package auditd

import (
	"fmt"
	"strings"
	"testing"

	"tideline/parsers/parsertest"
)

// TestFormsOfOneEvent: plain records of an event that a JSON form has begun are read,
// however often that happens.
func TestFormsOfOneEvent(t *testing.T) {
	for name, form := range map[string]string{
		"laurel":    `{"ID":"1740823200.%03d:%d","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"ppid":1,"pid":2,"uid":0,"exe":"/bin/cat"}}`,
		"go-audit":  `{"timestamp":"1740823200.%03d","sequence":%d,"messages":[{"type":1300,"data":"arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 uid=0 exe=\"/bin/cat\""}],"uid_map":{"0":"root"}}`,
		"auditbeat": `{"@timestamp":"2025-03-01T10:00:00.%03dZ","auditd":{"message_type":"syscall","result":"success","sequence":%d,"data":{"syscall":"execve","arch":"x86_64"}},"process":{"args":["cat","/x"],"executable":"/bin/cat"}}`,
	} {
		var b strings.Builder
		for n := range 40 {
			fmt.Fprintf(&b, form+"\n", n, 100+n)
			fmt.Fprintf(&b, "type=SYSCALL msg=audit(1740823200.%03d:%d): arch=c000003e syscall=2 success=yes exit=3 a0=7f items=1 ppid=1 pid=2 uid=0 comm=\"cat\" exe=\"/bin/cat\"\n", n, 100+n)
			fmt.Fprintf(&b, "type=PATH msg=audit(1740823200.%03d:%d): item=0 name=\"/etc/shadow\" inode=%d nametype=NORMAL\n", n, 100+n, n)
		}
		events, err := parsertest.Lines(t, Format, b.String(), "name", "exe")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(events) < 40 || !strings.Contains(strings.Join(events, "\n"), "/etc/shadow") {
			t.Errorf("%s: %d events: %.500s", name, len(events), strings.Join(events, "\n"))
		}
	}
}
