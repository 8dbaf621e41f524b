package cmdline

import (
	"bytes"
	"strings"
)

// A tool is how the options of one command are read (the manuals of the tools
// named below; only options that come with a value in the next word matter).
type tool struct {
	values   map[string]bool            // global options whose value is the next word
	anywhere bool                       // they may stand behind the verb too
	always   map[string]bool            // options of verbs whose value is the next word, wherever they stand
	verbs    map[string]map[string]bool // options of one verb whose value is the next word, behind it
	groups   map[string]bool            // words that only group verbs: "docker container logs" is logs
	inner    map[string]*tool           // of them those that are tools, with options of their own: "docker compose -f x exec"
}

// within is the tool that a first word is, if it is one.
func (t *tool) within(word []byte) *tool {
	if t == nil {
		return nil
	}
	return t.inner[string(word)]
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// ofExec are options of exec, run and inspect of engines, behind which the container
// is named.
var ofExec = set("-u --user -w --workdir -e --env --env-file --detach-keys --format")

// What a verb is done to stands behind the values of these options, among its words.
var (
	ofEngine = map[string]map[string]bool{
		"logs":       set("-n --tail --since --until"),
		"export":     set("-o --output"),
		"save":       set("-o --output --platform --format"),
		"commit":     set("-a --author -c --change -m --message -f"),
		"inspect":    set("-f --type -t --mode"),
		"checkpoint": set("--checkpoint-dir"),
		"generate":   set("-f --filename -t --type -r --replicas"),
		"kube":       set("-f --filename -t --type -r --replicas"),
	}
	ofCrictl = map[string]map[string]bool{
		"logs":     set("-n --tail --since"),
		"exec":     set("--timeout --transport"),
		"inspect":  set("-o --output --template"),
		"inspectp": set("-o --output --template"),
		"inspecti": set("-o --output --template"),
	}
	ofKubectl = map[string]map[string]bool{
		"logs":   set("--tail --since --since-time --limit-bytes --max-log-requests --pod-running-timeout"),
		"exec":   set("-f --filename --pod-running-timeout"),
		"attach": set("--pod-running-timeout"),
		"debug":  set("--target --profile --copy-to --set-image --env --custom -f --filename --image-pull-policy"),
		"cp":     set("--retries"),
		"create": set("--duration --audience --bound-object-kind --bound-object-name --bound-object-uid"),
	}
	ofRunc = map[string]map[string]bool{
		"exec": set(`--console-socket --pidfd-socket --cwd -e --env -u --user -g --additional-gids -p --process
			--pid-file --process-label --apparmor -c --cap --preserve-fds --cgroup`),
	}
)

var (
	kubectl = &tool{
		values: set(`-n --namespace --context --cluster --user --kubeconfig -s --server --as --as-group --as-uid
			--as-user-extra --token --certificate-authority --client-certificate --client-key --cache-dir
			--request-timeout --tls-server-name --username --password --profile --profile-output -v --v --vmodule
			--log-file --log-dir --loglevel --kuberc`),
		anywhere: true,
		always:   set("-o --output -l --selector --field-selector --sort-by -c --container --template --image --overrides"),
		verbs:    ofKubectl,
	}
	docker = &tool{
		values: set("-H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey"),
		always: ofExec,
		verbs:  ofEngine,
		groups: set("container image compose"),
		inner:  map[string]*tool{"compose": compose},
	}
	podman = &tool{
		values: set(`--url -c --connection --identity --log-level --root --runroot --runtime --runtime-flag
			--storage-driver --storage-opt --cgroup-manager --conmon --events-backend --hooks-dir --namespace
			--network-cmd-path --network-config-dir --tmpdir --module --out --imagestore --ssh --volumepath`),
		always: ofExec,
		verbs:  ofEngine,
		groups: set("container image compose"),
		inner:  map[string]*tool{"compose": compose},
	}
	nerdctl = &tool{
		values: set(`-n --namespace -a --address -H --host --snapshotter --storage-driver --cni-path
			--cni-netconfpath --data-root --cgroup-manager --hosts-dir --host-gateway-ip`),
		always: ofExec,
		verbs:  ofEngine,
		groups: set("container image compose"),
		inner:  map[string]*tool{"compose": compose},
	}
	crictl  = &tool{values: set("-r --runtime-endpoint -i --image-endpoint -t --timeout -c --config"), verbs: ofCrictl}
	runc    = &tool{values: set("--root --log --log-format --criu --rootless"), verbs: ofRunc}
	ctr     = &tool{values: set("-n --namespace -a --address --timeout --connect-timeout")}
	compose = &tool{values: set("-f --file -p --project-name --profile --env-file --project-directory -H --host -c --context"), always: ofExec, verbs: ofEngine}
	helm    = &tool{
		values: set(`-n --namespace --kube-context --kubeconfig --kube-token --kube-apiserver --kube-as-user
			--kube-as-group --kube-ca-file --kube-tls-server-name --registry-config --repository-cache
			--repository-config --burst-limit --qps`),
		anywhere: true,
	}
	etcdctl = &tool{
		values: set(`--endpoints --cacert --cert --key --user --password --command-timeout --dial-timeout
			--keepalive-time --keepalive-timeout -w --write-out`),
		anywhere: true,
	}
)

var tools = map[string]*tool{
	"kubectl": kubectl, "oc": kubectl, "k3s": kubectl,
	"docker": docker, "podman": podman, "nerdctl": nerdctl, "crictl": crictl, "ctr": ctr,
	"docker-compose": compose, "podman-compose": compose, "helm": helm, "helm3": helm, "etcdctl": etcdctl,
	"runc": runc, "crun": runc, "youki": runc,
}

// aliases are other names of kubectl, and of programs that are nothing else.
var aliases = set("microk8s.kubectl kubecolor k")

var nameOfKubectl = []byte("kubectl")

// renamed are the tools that are kept under names of several versions, or behind a
// wrapper of the same name: kubectl-1.28, kubectl_linux_amd64, docker-current.
var renamed = set("kubectl oc docker podman nerdctl crictl ctr helm etcdctl")

// variants are what such names have behind that of the tool, besides versions. Docker
// Desktop brings a kubectl.docker, and podman a podman-remote.
var variants = [...]string{"linux", "darwin", "amd64", "arm64", "real", "orig", "bin", "wrapped", "exe", "static", "current", "latest", "old", "bak", "docker", "remote"}

// properName is the name that a tool has in its manual. Plugins (kubectl-ns) and other
// programs (docker-proxy) have names of their own.
func properName(name []byte) []byte {
	switch {
	case tools[string(name)] != nil:
		return name
	case aliases[string(name)]:
		return nameOfKubectl
	}
	at := bytes.IndexAny(name, "-_.0123456789")
	if at < 2 || !renamed[string(name[:at])] {
		return name
	}
	rest := bytes.TrimLeft(name[at:], "-_.")
	if v := bytes.TrimPrefix(rest, []byte("v")); len(v) > 0 && '0' <= v[0] && v[0] <= '9' {
		return name[:at]
	}
	for _, v := range variants {
		if bytes.HasPrefix(rest, []byte(v)) {
			return name[:at]
		}
	}
	return name
}
