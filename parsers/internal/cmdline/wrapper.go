package cmdline

import "bytes"

// unwrap takes the programs off that only start another one.
func unwrap(argv [][]byte) [][]byte {
	for len(argv) > 1 {
		name := base(argv[0])
		if carried[string(name)][string(argv[1])] {
			argv = argv[1:]
			continue
		}
		w := wrappers[string(name)]
		if w == nil {
			return argv
		}
		inner := w.skip(argv[1:])
		if len(inner) == 0 {
			return argv
		}
		argv = inner
	}
	return argv
}

// A wrapper is a program that runs the command that follows its own options.
type wrapper struct {
	values   map[string]bool // options whose value is the next word
	operands int             // words of its own before the command
	settings bool            // NAME=value may stand before the command
}

// skip goes past the wrapper's own words.
func (w *wrapper) skip(args [][]byte) [][]byte {
	operands := w.operands
	for len(args) > 0 {
		a := args[0]
		switch {
		case len(a) > 1 && a[0] == '-': // or "--", which ends them: no command begins with a dash
			args = args[1:]
			if w.values[string(a)] && len(args) > 0 {
				args = args[1:]
			}
		case w.settings && isSetting(a):
			args = args[1:]
		case operands > 0:
			operands--
			args = args[1:]
		default:
			return args
		}
	}
	return nil
}

// isSetting reports whether a word is NAME=value.
func isSetting(a []byte) bool {
	eq := bytes.IndexByte(a, '=')
	for _, c := range a[:max(eq, 0)] {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_') {
			return false
		}
	}
	return eq > 0
}

// carried are the tools that a distribution of Kubernetes carries in its one
// program, by the first word: "k3s crictl exec" is crictl (docs.k3s.io/cli,
// docs.k0sproject.io, microk8s.io/docs/command-reference, minikube's kubectl).
var carried = map[string]map[string]bool{
	"k3s":      set("kubectl crictl ctr"),
	"k0s":      set("kubectl ctr"),
	"microk8s": set("kubectl ctr helm helm3 istioctl"),
	"minikube": set("kubectl"),
	"rancher":  set("kubectl"),
}

// wrappers are the programs that unwrap takes off.
var wrappers = map[string]*wrapper{
	"sudo": {settings: true, values: set(`-u --user -g --group -h --host -p --prompt -C --close-from -T --command-timeout
		-U --other-user -r --role -t --type -D --chdir -R --chroot`)},
	"doas":    {values: set("-u -C")},
	"env":     {settings: true, values: set("-u --unset -C --chdir -S --split-string")},
	"nohup":   {},
	"timeout": {operands: 1, values: set("-s --signal -k --kill-after")},
	"xargs": {values: set(`-I -n --max-args -P --max-procs -L -d --delimiter -a --arg-file -E -s --max-chars
		--process-slot-var`)},
	"busybox": {},
	"nice":    {values: set("-n --adjustment")},
	"setsid":  {},
	"stdbuf":  {values: set("-i --input -o --output -e --error")},
	"time":    {values: set("-f --format -o --output")},
}
