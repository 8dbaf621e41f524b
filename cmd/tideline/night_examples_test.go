package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const nightExamples = "../../fixtures/nights/"

// TestNightExamplesRun runs the command of each example, with its folders
// replaced by ones that exist.
func TestNightExamplesRun(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
	}{
		{"crontab", crontabCommand(t)},
		{"tideline.service", unitCommand(t)},
		{"cronjob.yaml", cronJobCommand(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if len(c.args) < 5 || filepath.Base(c.args[0]) != "tideline" {
				t.Fatalf("command %q", c.args)
			}
			w := newWorld(t, 1)
			w.play(0)
			args := c.args[1:]
			for i, a := range args {
				switch {
				case i > 0 && args[i-1] == "--state":
					args[i] = w.state
				case strings.HasPrefix(a, "/") && strings.Contains(a, "kubernetes"):
					args[i] = filepath.Join(w.logs, "kube")
				case strings.HasPrefix(a, "/"):
					args[i] = filepath.Join(w.logs, "node=worker2")
				}
			}
			if status, out, errs := tideline(args...); status != exitOK || out == "" || !strings.Contains(errs, "the first run") {
				t.Errorf("first night: status %d, %q, %q", status, out, errs)
			}
			if status, out, errs := tideline(args...); status != exitOK || out+errs != "" {
				t.Errorf("second night: status %d, %q, %q; want silence", status, out, errs)
			}
		})
	}
}

func readExample(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(nightExamples + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func crontabCommand(t *testing.T) []string {
	t.Helper()
	for line := range strings.Lines(string(readExample(t, "crontab"))) {
		if fields := strings.Fields(line); len(fields) > 6 && fields[5] == "tideline" {
			return fields[5:]
		}
	}
	return nil
}

func unitCommand(t *testing.T) []string {
	t.Helper()
	for line := range strings.Lines(string(readExample(t, "tideline.service"))) {
		if command, ok := strings.CutPrefix(line, "ExecStart="); ok {
			return strings.Fields(command)
		}
	}
	return nil
}

func cronJobCommand(t *testing.T) []string {
	t.Helper()
	var job struct {
		Spec struct {
			JobTemplate struct {
				Spec struct {
					Template struct {
						Spec struct {
							Containers []struct{ Command []string }
						}
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	if err := yaml.Unmarshal(readExample(t, "cronjob.yaml"), &job); err != nil {
		t.Fatal(err)
	}
	containers := job.Spec.JobTemplate.Spec.Template.Spec.Containers
	if len(containers) != 1 {
		t.Fatalf("%d containers", len(containers))
	}
	return containers[0].Command
}

// TestSystemdAcceptsTheUnits asks systemd itself, where there is one.
func TestSystemdAcceptsTheUnits(t *testing.T) {
	program, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here")
	}
	dir := t.TempDir()
	for _, name := range []string{"tideline.service", "tideline.timer"} {
		text := strings.ReplaceAll(string(readExample(t, name)), "/usr/local/bin/tideline", "/bin/true")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(program, "verify", "--man=no", filepath.Join(dir, "tideline.service"), filepath.Join(dir, "tideline.timer")).CombinedOutput()
	if err != nil || strings.Contains(string(out), dir) {
		t.Errorf("%v: %s", err, out)
	}
}
