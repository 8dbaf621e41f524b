package kubeaudit

import (
	"bytes"
	"path"
	"slices"

	"tideline/parsers/internal/apirequest"
	"tideline/parsers/internal/jsonfields"
)

// A podCache holds the pod specifications of one event, found once.
type podCache struct {
	done       bool
	owners     []jsonfields.Value // objects that have the specifications
	specs      []jsonfields.Value
	containers []jsonfields.Value
	volumes    []jsonfields.Value
}

func (p *podCache) reset() {
	p.done = false
	p.owners, p.specs, p.containers, p.volumes = p.owners[:0], p.specs[:0], p.containers[:0], p.volumes[:0]
}

var (
	// specPaths is where kinds keep a pod's specification: cron jobs,
	// controllers and jobs, pod templates, pods; the first that is there
	// counts.
	specPaths = []jsonfields.Path{
		jsonfields.Compile("spec.jobTemplate.spec.template.spec"),
		jsonfields.Compile("spec.template.spec"),
		jsonfields.Compile("template.spec"),
		jsonfields.Compile("spec"),
	}
	// partPaths is where workflows and tasks keep parts of the pods they start,
	// besides what is at one of specPaths (argoproj.io/v1alpha1: Workflow,
	// WorkflowTemplate, CronWorkflow; tekton.dev/v1: TaskRun).
	partPaths = []jsonfields.Path{
		jsonfields.Compile("spec.templates"),
		jsonfields.Compile("spec.workflowSpec"),
		jsonfields.Compile("spec.workflowSpec.templates"),
		jsonfields.Compile("spec.taskSpec"),
	}
	// podMembers tell a pod's specification from another object's; the last are
	// those of workflows and tasks.
	podMembers = []string{"containers", "initContainers", "ephemeralContainers", "volumes", "hostPID", "hostIPC", "hostNetwork",
		"serviceAccountName", "container", "script", "containerSet", "sidecars", "steps"}
	containerPaths = []jsonfields.Path{
		jsonfields.Compile("containers"), jsonfields.Compile("initContainers"), jsonfields.Compile("ephemeralContainers"),
		jsonfields.Compile("container"), jsonfields.Compile("script"), jsonfields.Compile("containerSet.containers"),
		jsonfields.Compile("sidecars"), jsonfields.Compile("steps"),
	}
	pathVolumes     = jsonfields.Compile("volumes")
	pathLastApplied = jsonfields.Compile("metadata.annotations.kubectl.kubernetes.io/last-applied-configuration")
)

// pods finds the pod specifications: in what was sent, else in what was
// answered, else in the configuration that kubectl apply left behind. A write
// to the status of an object asks for none: the API server keeps the
// specification as it is, whatever was sent with the status.
func (r *record) pods() *podCache {
	p := &r.pod
	if p.done {
		return p
	}
	p.done = true
	if r.bodiless() || r.is(slotSubresource, "status") && !r.deep {
		return p
	}
	r.seen |= twoBodies
	root := r.full().Root()
	for _, path := range []jsonfields.Path{pathRequest, pathResponse} {
		bodies := root.Find(nil, path)
		if len(bodies) > 0 && isPatch(bodies[0]) {
			bodies = r.unpatch(bodies)
		}
		if p.search(bodies); p.any() {
			return p
		}
	}
	for _, body := range r.bodies(nil) {
		for _, text := range body.Values(nil, pathLastApplied) {
			if doc, err := r.inner.Parse(text); err == nil && !p.any() {
				p.search([]jsonfields.Value{doc.Root()})
			}
		}
	}
	return p
}

// unpatch gives the objects that the operations of a JSON patch bring.
func (r *record) unpatch(ops []jsonfields.Value) []jsonfields.Value {
	doc, err := r.inner.Parse(patched(nil, ops))
	if err != nil {
		return nil // what we wrote is JSON; an empty list is the answer of no pods
	}
	var out []jsonfields.Value
	for v := range doc.Root().Items {
		out = append(out, v)
	}
	return out
}

func (p *podCache) any() bool { return len(p.specs)+len(p.containers)+len(p.volumes) > 0 }

// search looks through objects for specifications.
func (p *podCache) search(objects []jsonfields.Value) {
	for _, o := range objects {
		for _, path := range specPaths {
			found := false
			for _, spec := range o.Find(nil, path) {
				found = p.spec(spec) || found
			}
			if found {
				p.owners = append(p.owners, o)
				break
			}
		}
		for _, path := range partPaths {
			for _, part := range o.Find(nil, path) {
				p.spec(part)
			}
		}
	}
}

// spec takes v if it is a pod's specification.
func (p *podCache) spec(v jsonfields.Value) bool {
	if !isPodSpec(v) {
		return false
	}
	p.specs = append(p.specs, v)
	for _, path := range containerPaths {
		p.containers = v.Find(p.containers, path)
	}
	p.volumes = v.Find(p.volumes, pathVolumes)
	return true
}

func isPodSpec(v jsonfields.Value) bool {
	for key := range v.Members {
		for _, name := range podMembers {
			if string(key) == name {
				return true
			}
		}
	}
	return false
}

// given are the values of some fields of an object, without those that are null.
func given(v jsonfields.Value, paths ...jsonfields.Path) [][]byte {
	var out [][]byte
	for _, p := range paths {
		out = v.Values(out, p)
	}
	return slices.DeleteFunc(out, func(b []byte) bool { return b == nil })
}

// values appends a field of each of some objects.
func values(dst [][]byte, of []jsonfields.Value, path jsonfields.Path) [][]byte {
	for _, v := range of {
		dst = v.Values(dst, path)
	}
	return dst
}

var (
	pathImage      = jsonfields.Compile("image")
	pathPrivileged = jsonfields.Compile("securityContext.privileged")
	pathCaps       = jsonfields.Compile("securityContext.capabilities.add")
	pathHostPath   = jsonfields.Compile("hostPath")
	pathAccount    = jsonfields.Compile("serviceAccountName")
	pathAccountOld = jsonfields.Compile("serviceAccount")
	pathOwners     = jsonfields.Compile("metadata.ownerReferences.kind")
	pathEnv        = jsonfields.Compile("env")
	commandPaths   = []jsonfields.Path{
		jsonfields.Compile("command"), jsonfields.Compile("args"),
		jsonfields.Compile("source"), jsonfields.Compile("script"), // of workflows, of tasks
	}
	hookPaths = []jsonfields.Path{ // Container and Lifecycle, Kubernetes API v1
		jsonfields.Compile("livenessProbe.exec.command"), jsonfields.Compile("readinessProbe.exec.command"),
		jsonfields.Compile("startupProbe.exec.command"),
		jsonfields.Compile("lifecycle.postStart.exec.command"), jsonfields.Compile("lifecycle.preStop.exec.command"),
	}
	secretPaths = []jsonfields.Path{
		jsonfields.Compile("secret.secretName"), jsonfields.Compile("projected.sources.secret.name"),
		jsonfields.Compile("env.valueFrom.secretKeyRef.name"), jsonfields.Compile("envFrom.secretRef.name"),
	}
)

func (r *record) podImages(dst [][]byte) [][]byte { return values(dst, r.pods().containers, pathImage) }

func (r *record) podCaps(dst [][]byte) [][]byte { return values(dst, r.pods().containers, pathCaps) }

// podCommand: per container its command, arguments and script, joined by one
// space, and after it each command that the kubelet runs there: of its probes, and
// of what goes with its start and end.
func (r *record) podCommand(dst [][]byte) [][]byte {
	for _, c := range r.pods().containers {
		dst = appendJoined(dst, given(c, commandPaths...))
		for _, p := range hookPaths {
			dst = appendJoined(dst, given(c, p))
		}
	}
	return dst
}

func appendJoined(dst, words [][]byte) [][]byte {
	if len(words) == 0 {
		return dst
	}
	return append(dst, bytes.Join(words, []byte(" ")))
}

// podPrivileged: whether any container is.
func (r *record) podPrivileged(dst [][]byte) [][]byte {
	p := r.pods()
	if len(p.containers) == 0 {
		return dst
	}
	return append(dst, anyTrue(values(nil, p.containers, pathPrivileged)))
}

func anyTrue(vals [][]byte) []byte {
	return apirequest.Bool(slices.ContainsFunc(vals, func(v []byte) bool { return string(v) == "true" }))
}

// podFlag: a boolean of the specification, false if it is not set.
func podFlag(name string) accessor {
	path := jsonfields.Compile(name)
	return func(r *record, dst [][]byte) [][]byte {
		p := r.pods()
		if len(p.specs) == 0 {
			return dst
		}
		return append(dst, anyTrue(values(nil, p.specs, path)))
	}
}

// podHostPaths: the path of every volume of that type, empty if it has none. The
// API server takes // and /etc/ as they are and the kubelet mounts what they
// mean, so that a path in an odd spelling has the plain one besides.
func (r *record) podHostPaths(dst [][]byte) [][]byte {
	for _, v := range r.pods().volumes {
		for _, h := range v.Find(nil, pathHostPath) {
			if h.Kind() != jsonfields.Object {
				continue // null: of another type
			}
			if p := h.Get("path"); p.Kind() == jsonfields.String {
				dst = withPlainPath(append(dst, p.Text()), p.Text())
			} else {
				dst = append(dst, []byte{})
			}
		}
	}
	return dst
}

// withPlainPath appends p as it reads without superfluous slashes and dots,
// if it has any.
func withPlainPath(dst [][]byte, p []byte) [][]byte {
	if len(p) < 2 || p[0] != '/' {
		return dst
	}
	if plain := path.Clean(string(p)); plain != string(p) {
		dst = append(dst, []byte(plain))
	}
	return dst
}

func (r *record) podServiceAccount(dst [][]byte) [][]byte {
	n := len(dst)
	if dst = values(dst, r.pods().specs, pathAccount); len(dst) > n {
		return dst
	}
	return values(dst, r.pods().specs, pathAccountOld)
}

// podSecretRefs: names of the secrets that containers get to see.
func (r *record) podSecretRefs(dst [][]byte) [][]byte {
	p := r.pods()
	for i, path := range secretPaths {
		if i < 2 {
			dst = values(dst, p.volumes, path)
		} else {
			dst = values(dst, p.containers, path)
		}
	}
	return dst
}

// podEnv: NAME=value of variables whose value is spelled out.
func (r *record) podEnv(dst [][]byte) [][]byte {
	for _, c := range r.pods().containers {
		for _, e := range c.Find(nil, pathEnv) {
			name, value := e.Get("name"), e.Get("value")
			if name.Kind() == jsonfields.String && value.Kind() == jsonfields.String {
				dst = append(dst, r.join(name.Text(), '=', value.Text()))
			}
		}
	}
	return dst
}

// podOwnerKind: what kind of controller made the object.
func (r *record) podOwnerKind(dst [][]byte) [][]byte {
	return values(dst, r.pods().owners, pathOwners)
}
