package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const nightExamples = "../../fixtures/nights/"

// TestReadmeShowsTheExamples: what is printed there is what is tried here.
func TestReadmeShowsTheExamples(t *testing.T) {
	readme := string(mustRead(t, "../../README.md"))
	for _, name := range []string{"crontab", "tideline.service", "tideline.timer", "cronjob.yaml"} {
		if !strings.Contains(readme, "\n"+string(readExample(t, name))) {
			t.Errorf("README.md does not show %s as it is", name)
		}
	}
}

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

// A cronJob has the fields of a CronJob of batch/v1 (Kubernetes API reference,
// v1.31) that the example uses: a key that is misspelt, or stands in the wrong
// place, is none of them.
type cronJob struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name, Namespace string }
	Spec       struct {
		Schedule          string
		ConcurrencyPolicy string `yaml:"concurrencyPolicy"`
		JobTemplate       struct {
			Spec struct {
				BackoffLimit *int32 `yaml:"backoffLimit"`
				Template     struct{ Spec cronPod }
			}
		} `yaml:"jobTemplate"`
	}
}

type cronPod struct {
	RestartPolicy                string            `yaml:"restartPolicy"`
	AutomountServiceAccountToken *bool             `yaml:"automountServiceAccountToken"`
	NodeSelector                 map[string]string `yaml:"nodeSelector"`
	Tolerations                  []struct{ Key, Value, Operator, Effect string }
	Containers                   []cronContainer
	Volumes                      []struct {
		Name     string
		HostPath *struct{ Path, Type string } `yaml:"hostPath"`
		EmptyDir *struct{}                    `yaml:"emptyDir"`
	}
}

type cronContainer struct {
	Name, Image     string
	Command         []string
	SecurityContext struct {
		ReadOnlyRootFilesystem   *bool  `yaml:"readOnlyRootFilesystem"`
		AllowPrivilegeEscalation *bool  `yaml:"allowPrivilegeEscalation"`
		RunAsUser                *int64 `yaml:"runAsUser"`
		Capabilities             struct{ Drop, Add []string }
	} `yaml:"securityContext"`
	VolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
		ReadOnly  bool   `yaml:"readOnly"`
	} `yaml:"volumeMounts"`
}

func cronJobCommand(t *testing.T) []string {
	t.Helper()
	return readCronJob(t).Spec.JobTemplate.Spec.Template.Spec.Containers[0].Command
}

func readCronJob(t *testing.T) *cronJob {
	t.Helper()
	job := &cronJob{}
	d := yaml.NewDecoder(bytes.NewReader(readExample(t, "cronjob.yaml")))
	d.KnownFields(true)
	if err := d.Decode(job); err != nil {
		t.Fatal(err)
	}
	if n := len(job.Spec.JobTemplate.Spec.Template.Spec.Containers); n != 1 {
		t.Fatalf("%d containers", n)
	}
	return job
}

// TestCronJobIsOne holds the example against what the API server checks.
func TestCronJobIsOne(t *testing.T) {
	job := readCronJob(t)
	if job.APIVersion != "batch/v1" || job.Kind != "CronJob" || job.Metadata.Name == "" || len(strings.Fields(job.Spec.Schedule)) != 5 {
		t.Errorf("%s %s %q, schedule %q", job.APIVersion, job.Kind, job.Metadata.Name, job.Spec.Schedule)
	}
	if p := job.Spec.ConcurrencyPolicy; p != "Allow" && p != "Forbid" && p != "Replace" {
		t.Errorf("concurrencyPolicy %q", p)
	}
	pod := &job.Spec.JobTemplate.Spec.Template.Spec
	if pod.RestartPolicy != "Never" && pod.RestartPolicy != "OnFailure" { // a Job's may not be Always
		t.Errorf("restartPolicy %q", pod.RestartPolicy)
	}
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = (v.HostPath != nil) != (v.EmptyDir != nil)
	}
	writable := map[string]bool{}
	for _, m := range pod.Containers[0].VolumeMounts {
		if !volumes[m.Name] || !strings.HasPrefix(m.MountPath, "/") {
			t.Errorf("mount of %q at %q: no such volume, or one of no kind", m.Name, m.MountPath)
		}
		writable[m.MountPath] = !m.ReadOnly
	}
	if !writable["/state"] || !writable["/tmp"] || writable["/logs"] {
		t.Errorf("what can be written: %v; want the state and room for temporary files, and not the evidence", writable)
	}
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

// TestKubectlKnowsEveryKey asks kubectl's own types, where there is one: a key
// that they do not have is lost on the way through them.
func TestKubectlKnowsEveryKey(t *testing.T) {
	program, err := exec.LookPath("kubectl")
	if err != nil {
		t.Skip("no kubectl here")
	}
	out, err := exec.Command(program, "set", "image", "--local", "-o", "yaml", "-f", nightExamples+"cronjob.yaml", "tideline=another:1").CombinedOutput()
	var want, got any
	if err := errors.Join(err, yaml.Unmarshal(readExample(t, "cronjob.yaml"), &want), yaml.Unmarshal(out, &got)); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if missing := missingFrom(want, got, ""); len(missing) > 0 {
		t.Errorf("kubectl does not know %q", missing)
	}
}

// missingFrom lists the keys of a that b does not have.
func missingFrom(a, b any, at string) (out []string) {
	switch a := a.(type) {
	case map[string]any:
		have, _ := b.(map[string]any)
		for key, value := range a {
			if _, ok := have[key]; !ok {
				out = append(out, at+"."+key)
				continue
			}
			out = append(out, missingFrom(value, have[key], at+"."+key)...)
		}
	case []any:
		have, _ := b.([]any)
		for i := range a {
			if i >= len(have) {
				return append(out, at+"[]")
			}
			out = append(out, missingFrom(a[i], have[i], at+"[]")...)
		}
	}
	return out
}
