package source

import "strings"

// An Attribution is where a stream comes from, as far as its path tells. What
// the path does not tell is empty; what a record says of itself goes before.
type Attribution struct{ Host, Cluster, Pod, Namespace, Container string }

// Attribute reads the layouts in which evidence is collected out of a path:
// the names of the collections (sosreport, UAC, Velociraptor, CatScale, CyLR's
// are no more than a host, the EKS collector, must-gather) and the places in
// which a node keeps the logs of containers. Of a collection inside another
// one the inner one tells the host.
//
// It looks at nothing but the path, which is the evidence's word.
func Attribute(path string) Attribution {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' || r == '!' })
	var a Attribution
	for _, part := range parts {
		a.collection(part)
	}
	for i := range parts {
		for _, l := range layouts {
			if l(&a, parts[i:]) {
				break
			}
		}
	}
	return a
}

// collections are the names that collectors give to what they make. The group is the host.
var collections = []*nameForm{
	// sosreport-<host>[-label][-case]-<date>-<random>.tar.xz, and the folder in it
	nameLike("sosreport-", `^sosreport-(.+?)(?:-[0-9]{5,})?-20\d\d-\d\d-\d\d-[a-z]{7}(?:-obfuscated)?(?:\.tar.*)?$`),
	// uac-<host>-<system>-<time>.tar.gz
	nameLike("uac-", `^uac-(.+)-(?:linux|aix|esxi|freebsd|macos|netbsd|netscaler|openbsd|solaris)-\d{14}(?:\.(?:tar.*|zip|log))?$`),
	// Collection-<host>-<time>.zip
	nameLike("Collection-", `^Collection-(.+?)-20\d\d-\d\d-\d\dT\d\d[_:%].*$`),
	// catscale_<host>-<yyyymmdd-HHMM>.tar.gz, and <host>-<time>-var-log.tar.gz in it
	nameLike("catscale_", `^catscale_(.+)-20\d{6}-\d{4}(?:\.tar.*)?$`),
	nameLike("-var-log.tar.gz", `^(.+)-20\d{6}-\d{4}-var-log\.tar\.gz$`),
	// eks_<instance>_<time>_<version>.tar.gz
	nameLike("eks_", `^eks_(i-[0-9a-f]+)_20\d\d-\d\d-\d\d_.*$`),
	// audit_logs of must-gather: <node>-audit*.log.gz
	nameLike("-audit", `^(.+?\..+?)-audit(?:-20[-0-9T.]+)?\.log(?:\.gz)?$`),
}

func (a *Attribution) collection(part string) {
	for _, f := range collections {
		if m := f.find(part); m != nil {
			a.Host = m[1]
			return
		}
	}
}

// A layout reads the parts of a path from one of them on, and reports whether
// it knows them.
type layout func(a *Attribution, parts []string) bool

var layouts = []layout{mustGather, podLogs, containerLogs, dockerLogs, commandLogs, gatheredPods, clusterDump, nodeLogs, supportBundle, looseLog}

var (
	// <namespace>_<pod>_<uid>: none of the three can contain an underscore.
	podFolder = nameLike("_", `^([a-z0-9-]+)_([a-z0-9.-]+)_([0-9a-f-]{32,36})$`)
	// The same where the uid was shortened or replaced: what lies in the folder tells.
	podFolderLike = nameLike("_", `^([a-z0-9-]+)_([a-z0-9.-]+)_([A-Za-z0-9-]+)$`)
	numberedLog   = nameLike(".log", `^\d+\.log(?:\..*)?$`)
	// <pod>_<namespace>_<container>-<id>.log; who copies it may shorten the id.
	containerFile = nameLike(".log", `^([a-z0-9.-]+)_([a-z0-9-]+)_([a-z0-9-]+)-([0-9a-f]{12,64})\.log$`)
	dockerFile    = nameLike("-json.log", `^([0-9a-f]{12,64})-json\.log(?:\.\d+)?(?:\.gz)?$`)
	// <namespace>_<pod>_<container>.log, as loops around kubectl logs call it; the
	// pod has the ending that its controller gave it.
	looseFile = nameLike("_", `^([a-z0-9-]+)_([a-z0-9.-]+-(?:[a-z0-9]{4,10}|\d+))_([a-z0-9-]+)\.(?:log|txt)(?:\.gz)?$`)
	// What sosreport and UAC call what a client of the runtime printed:
	// docker_logs_-t_<id or name>, docker_container_logs_<id>.txt.
	commandFile  = nameLike("_logs", `^(?:(?:docker|podman|nerdctl|crictl)_logs|(?:(?:docker|podman|nerdctl)_)?container_logs)_(?:-t_)?([A-Za-z0-9][A-Za-z0-9_.-]*?)(?:\.txt|\.log)?(?:\.gz)?$`)
	hexID        = nameLike("", `^[0-9a-f]{12,64}$`)
	gatherFolder = nameLike(".local.", `^(?:must-gather|inspect)\.local\.\d+(?:\.tar.*|\.tgz)?$`)
	bundleFolder = nameLike("support-bundle-20", `^support-bundle-20[-0-9T_]+(?:\.tar.*|\.tgz)?$`)
)

// mustGather names the cluster by the collection: nothing else in the path
// tells one cluster from another.
func mustGather(a *Attribution, parts []string) bool {
	if !gatherFolder.match(parts[0]) && !bundleFolder.match(parts[0]) {
		return false
	}
	name, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(parts[0], ".gz"), ".tgz"), ".tar")
	a.Cluster = name
	return true
}

// podLogs is <namespace>_<pod>_<uid>/<container>/N.log below /var/log/pods.
func podLogs(a *Attribution, parts []string) bool {
	m := podFolder.find(parts[0])
	if m == nil && len(parts) == 3 && numberedLog.match(parts[2]) {
		m = podFolderLike.find(parts[0])
	}
	if m == nil {
		return false
	}
	a.Namespace, a.Pod = m[1], m[2]
	if len(parts) >= 3 {
		a.Container = parts[1]
	}
	return true
}

// containerLogs are the links in /var/log/containers, and copies of them.
func containerLogs(a *Attribution, parts []string) bool {
	name := strings.TrimSuffix(parts[0], ".gz")
	m := containerFile.find(name)
	if m == nil {
		return false
	}
	a.Pod, a.Namespace, a.Container = m[1], m[2], m[3]
	return true
}

// dockerLogs are containers/<id>/<id>-json.log, and podman's
// overlay-containers/<id>/userdata/ctr.log: the id is all there is.
func dockerLogs(a *Attribution, parts []string) bool {
	if m := dockerFile.find(parts[0]); m != nil {
		a.Container = m[1]
		return true
	}
	if (parts[0] == "containers" || parts[0] == "overlay-containers") && len(parts) >= 3 && hexID.match(parts[1]) {
		a.Container = parts[1]
		return true
	}
	return false
}

// commandLogs are the output of a container as a client of its runtime printed it.
func commandLogs(a *Attribution, parts []string) bool {
	m := commandFile.find(parts[0])
	if m == nil || len(parts) > 1 {
		return false
	}
	a.Container = m[1]
	return true
}

// gatheredPods are namespaces/<ns>/pods/<pod>/<container>/<container>/logs of
// must-gather and oc adm inspect.
func gatheredPods(a *Attribution, parts []string) bool {
	if parts[0] != "namespaces" || len(parts) < 3 {
		return false
	}
	a.Namespace = parts[1]
	if parts[2] == "pods" && len(parts) >= 5 {
		a.Pod = parts[3]
		if len(parts) >= 6 {
			a.Container = parts[4]
		}
	}
	return true
}

// looseLog is a file that was named by hand.
func looseLog(a *Attribution, parts []string) bool {
	m := looseFile.find(parts[0])
	if m == nil || len(parts) > 1 {
		return false
	}
	a.Namespace, a.Pod, a.Container = m[1], m[2], m[3]
	return true
}

// clusterDump is <namespace>/<pod>/logs.txt of kubectl cluster-info dump.
func clusterDump(a *Attribution, parts []string) bool {
	if len(parts) != 3 || parts[2] != "logs.txt" {
		return false
	}
	a.Namespace, a.Pod = parts[0], parts[1]
	return true
}

// nodeLogs are <node>/<component> below the folders in which oc adm
// node-logs and must-gather keep what belongs to one node.
func nodeLogs(a *Attribution, parts []string) bool {
	if parts[0] != "nodes" && parts[0] != "node-logs" || len(parts) < 3 {
		return false
	}
	a.Host = parts[1]
	return true
}

// supportBundle is podlogs/<ns>/<pod>/<container>.log or
// cluster-resources/pods/logs/<ns>/<pod>/<container>.log of Replicated's.
func supportBundle(a *Attribution, parts []string) bool {
	at := 0
	switch {
	case len(parts) == 4 && parts[0] == "podlogs":
		at = 1
	case len(parts) == 6 && parts[0] == "cluster-resources" && parts[1] == "pods" && parts[2] == "logs":
		at = 3
	default:
		return false
	}
	a.Namespace, a.Pod = parts[at], parts[at+1]
	a.Container = strings.TrimSuffix(strings.TrimSuffix(parts[at+2], ".log"), "-previous")
	return true
}
