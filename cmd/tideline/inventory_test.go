package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// holed writes an audit log of two hours, with an hour's silence and serial
// numbers that are missing, and a Kubernetes log of two levels.
func holed(t *testing.T) string {
	t.Helper()
	var audit strings.Builder
	serial := 100
	for minute := range 180 {
		if minute >= 100 && minute < 160 {
			continue
		}
		if minute == 20 || minute == 160 {
			serial += 7
		}
		serial++
		fmt.Fprintf(&audit, "node=n1 type=USER_LOGIN msg=audit(%d.000:%d): pid=1 uid=0 auid=1000 ses=1 msg='op=login acct=\"root\" res=success'\n", 1772359200+60*minute, serial)
	}
	dir := t.TempDir()
	kube := kubeEvent + "\n" + strings.NewReplacer(`"a1"`, `"a2"`, `"Metadata"`, `"Request"`).Replace(kubeEvent) + "\n"
	for name, data := range map[string]string{"audit.log": audit.String(), "kube.log": kube} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestInventoryTellsWhatIsMissing(t *testing.T) {
	inv := inventoryJSON(t, holed(t))
	if len(inv.Silence) != 1 || inv.Silence[0].Path != "auditd on n1" || inv.Silence[0].To.Sub(inv.Silence[0].From.Time).Minutes() < 55 {
		t.Errorf("silence %+v", inv.Silence)
	}
	if len(inv.Serials) != 1 || inv.Serials[0].Holes != 2 || !strings.Contains(inv.Serials[0].First, "7 events") {
		t.Errorf("serials %+v", inv.Serials)
	}
	if got := fmt.Sprint(inv.Levels); got != "[{secrets Metadata 1} {secrets Request 1}]" {
		t.Errorf("levels %s", got)
	}
}

func TestInventoryTable(t *testing.T) {
	var out, said bytes.Buffer
	dir := holed(t)
	if status := run(context.Background(), []string{"tideline", "inventory", "-f", "table", "-q", dir}, strings.NewReader(""), &out, &said); status != 0 {
		t.Errorf("status %d: %s", status, said.String())
	}
	for _, want := range []string{"SOURCE ", "OBJECT ", "AUDIT LEVEL", "SILENT ", "auditd on n1", "SERIAL NUMBERS MISSING", "7 events of node"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
