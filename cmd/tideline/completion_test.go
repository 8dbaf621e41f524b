package main

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"
)

// completionOf is what `tideline completion` prints for a shell.
func completionOf(t *testing.T, shell string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{appName, "completion", shell}, strings.NewReader(""), &out, &errs); status != exitOK {
		t.Fatalf("completion %s ends with %d: %s", shell, status, &errs)
	}
	return out.String()
}

// Bash itself completes, as it does when somebody presses the key.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	script := completionOf(t, "bash")
	for _, c := range []struct{ line, want string }{
		{"tideline sca", "scan"},
		{"tideline schema r", "report"},
		{"tideline in", "inventory"},
		{"tideline rules co", "coverage"},
		{"tideline rules show --fi", "--fields"},
		{"tideline scan --min-", "--min-level --min-score"},
		{"tideline scan --min-level h", "high"},
		{"tideline scan --show-secrets --fail-on cr", "critical"},
		{"tideline exposure -f cs", "csv"},
		{"tideline scan --input-format docker-", "docker-events docker-inspect"},
		{"tideline completion f", "fish"},
		{"tideline merge --sta", ""},      // a flag of scan alone
		{"tideline scan bundle.t", ""},    // bash offers files
		{"tideline scan -o report.h", ""}, // and here
	} {
		words := strings.Fields(c.line)
		out, err := exec.Command(bash, append([]string{"--norc", "-c",
			script + `COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _tideline; echo "${COMPREPLY[*]}"`, "bash"}, words...)...).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.line, got, err, c.want)
		}
	}
}

func TestCompletionKnowsEveryCommand(t *testing.T) {
	bash, zsh, fish := completionOf(t, "bash"), completionOf(t, "zsh"), completionOf(t, "fish")
	if !strings.HasSuffix(zsh, bash) || !strings.Contains(zsh, "bashcompinit\n") {
		t.Error("zsh does not get what bash gets, behind bashcompinit")
	}
	for _, c := range newApp(&env{}).Commands {
		if !strings.Contains(bash, `"`+c.Name+`") words=`) && !strings.Contains(bash, c.Name+") words=") {
			t.Errorf("bash does not know what stands behind %s", c.Name)
		}
		if !strings.Contains(fish, "-a '"+c.Name+"'") {
			t.Errorf("fish does not know %s", c.Name)
		}
	}
	if strings.Contains(fish, "`") {
		t.Error("marks of usages are left for fish")
	}
}
