package dockerd

import "bytes"

// A route is what a call does to what, in the words of docker events and, for
// what has no event, of the command line.
type route struct {
	action []byte // "inspect", "exec_create"
	kind   []byte // "container", "image", "exec", "daemon"
	name   []byte // id or name, as in the path
}

// kinds are the collections of the engine API, by the first word of the path.
var kinds = map[string][]byte{
	"containers": []byte("container"), "images": []byte("image"), "volumes": []byte("volume"), "networks": []byte("network"),
	"secrets": []byte("secret"), "configs": []byte("config"), "services": []byte("service"), "tasks": []byte("task"),
	"nodes": []byte("node"), "plugins": []byte("plugin"), "exec": []byte("exec"), "swarm": []byte("swarm"),
	"pods": []byte("pod"), "manifests": []byte("image"),
}

// verbs are the last words of paths below a member of a collection, and those
// of actions on the collection itself. A word that is not here is part of a
// name: names of images contain slashes.
var verbs = map[string][]byte{
	"json": []byte("inspect"), "logs": []byte("logs"), "top": []byte("top"), "changes": []byte("diff"), "stats": []byte("stats"),
	"export": []byte("export"), "archive": []byte("archive-path"), "start": []byte("start"), "stop": []byte("stop"),
	"restart": []byte("restart"), "kill": []byte("kill"), "pause": []byte("pause"), "unpause": []byte("unpause"),
	"rename": []byte("rename"), "resize": []byte("resize"), "update": []byte("update"), "attach": []byte("attach"),
	"wait": []byte("wait"), "exec": []byte("exec_create"), "checkpoints": []byte("checkpoint"), "create": []byte("create"),
	"prune": []byte("prune"), "load": []byte("load"), "search": []byte("search"), "get": []byte("save"), "history": []byte("history"),
	"push": []byte("push"), "tag": []byte("tag"), "connect": []byte("connect"), "disconnect": []byte("disconnect"),
	"enable": []byte("enable"), "disable": []byte("disable"), "upgrade": []byte("upgrade"), "set": []byte("set"),
	"privileges": []byte("privileges"), "pull": []byte("pull"), "import": []byte("import"), "init": []byte("init"), "join": []byte("join"),
	"leave": []byte("leave"), "unlock": []byte("unlock"), "unlockkey": []byte("unlockkey"), "checkpoint": []byte("checkpoint"),
	"exists": []byte("exists"), "mount": []byte("mount"), "unmount": []byte("unmount"), "healthcheck": []byte("healthcheck"),
}

// byMethod are the actions of calls whose path ends at a member.
var byMethod = map[string][]byte{
	"GET": []byte("inspect"), "HEAD": []byte("stat"), "POST": []byte("update"), "PUT": []byte("update"), "DELETE": []byte("remove"),
}

var (
	list, remove           = []byte("list"), []byte("remove")
	pull, login, stat      = []byte("pull"), []byte("login"), []byte("stat")
	execStart, execCreate  = []byte("exec_start"), []byte("exec_create")
	extract, daemonKind    = []byte("extract-to-dir"), []byte("daemon")
	imageKind, containerOf = []byte("image"), []byte("container")
	inspect, commit        = []byte("inspect"), []byte("commit")
	attachWord             = []byte("attach")
)

// routeOf tells what a call does.
func routeOf(method, path []byte) route {
	first, rest, deeper := bytes.Cut(bytes.Trim(path, "/"), []byte("/"))
	kind := kinds[string(first)]
	if kind == nil {
		return singular(first, rest)
	}
	if !deeper || string(rest) == "json" {
		if string(first) == "swarm" {
			return route{action: inspect, kind: kind}
		}
		return route{action: list, kind: kind}
	}
	name, last := rest, []byte(nil)
	if n := bytes.LastIndexByte(rest, '/'); n >= 0 {
		name, last = rest[:n], rest[n+1:]
		if string(last) == "ws" { // containers/{id}/attach/ws
			name = bytes.TrimSuffix(name, []byte("/attach"))
			last = attachWord
		}
	} else if verbs[string(rest)] != nil && string(rest) != "json" {
		name, last = nil, rest
	}
	act := verbs[string(last)]
	if act == nil {
		return route{action: byMethod[string(method)], kind: kind, name: rest}
	}
	return special(route{action: act, kind: kind, name: name}, method, last)
}

// special sets right where one path has several meanings.
func special(r route, method, last []byte) route {
	switch string(last) {
	case "archive":
		switch string(method) {
		case "PUT":
			r.action = extract
		case "HEAD":
			r.action = stat
		}
	case "create":
		if string(r.kind) == "image" {
			r.action = pull
		}
	case "start":
		if string(r.kind) == "exec" {
			r.action = execStart
		}
	}
	if string(method) == "DELETE" {
		r.action = remove
	}
	return r
}

// singular are the calls outside any collection.
func singular(first, rest []byte) route {
	switch string(first) {
	case "commit":
		return route{action: commit, kind: containerOf}
	case "build":
		return route{action: first, kind: imageKind}
	case "auth":
		return route{action: login, kind: daemonKind}
	case "system":
		if len(rest) > 0 {
			first = rest
		}
	}
	return route{action: first, kind: daemonKind}
}
