package auditd

import (
	"fmt"
	"strings"
	"testing"
)

func TestCommand(t *testing.T) {
	cases := []struct{ argv, want string }{ // want: tool verb sub words flags
		{"kubectl get secrets --all-namespaces", "kubectl get secrets [get secrets] [--all-namespaces]"},
		{"kubectl --context c -n kube-system get secret/db -o yaml", "kubectl get secret/db [get secret/db] [--context=c -n=kube-system -o=yaml]"},
		{"kubectl get pods -n secrets", "kubectl get pods [get pods] [-n=secrets]"},
		{"/usr/bin/kubectl get secrets --as=null --as-group system:masters", "kubectl get secrets [get secrets] [--as=null --as-group=system:masters]"},
		{"kubectl exec pod -- cat /x -A", "kubectl exec pod [exec pod cat /x -A] []"},
		{"k3s kubectl -n x get secrets", "kubectl get secrets [get secrets] [-n=x]"},
		{"sudo k3s crictl -r unix:///x exec c printenv", "crictl exec c [exec c printenv] [-r=unix:///x]"},
		{"minikube kubectl -- get secrets -A", "kubectl get secrets [get secrets] [-A]"},
		{"/opt/bin/kubectl-v1.28.3 get secrets", "kubectl get secrets [get secrets] []"},
		{"kubectl1.28 -n x get secrets", "kubectl get secrets [get secrets] [-n=x]"},
		{"./kubectl_linux_amd64 get secrets", "kubectl get secrets [get secrets] []"},
		{"sudo docker-current -l debug inspect web", "docker inspect web [inspect web] [-l=debug]"},
		{"/usr/local/bin/kubectl.docker get secrets", "kubectl get secrets [get secrets] []"},
		{"podman-remote inspect web", "podman inspect web [inspect web] []"},
		{"docker-compose-v2 logs", "docker-compose-v2 logs <nil> [logs] []"},
		{"kubectl-ns prod", "kubectl-ns prod <nil> [prod] []"},
		{"docker-proxy -proto tcp", "docker-proxy tcp <nil> [tcp] [-proto]"},
		{"k3s token create", "k3s token create [token create] []"},
		{"docker compose -f a.yml -p shop exec -T db printenv", "docker exec db [compose exec db printenv] [-f=a.yml -p=shop -T]"},
		{"docker --context c compose logs -f web", "docker logs web [compose logs web] [--context=c -f]"},
		{"docker exec -it -u root -e A=b web env", "docker exec web [exec web env] [-it -u=root -e=A=b]"},
		{"docker compose exec -T --user app db printenv", "docker exec db [compose exec db printenv] [-T --user=app]"},
		{"podman compose up -d", "podman up <nil> [compose up] [-d]"},
		{"docker run -f compose exec", "docker run compose [run compose exec] [-f]"},
		{"sudo -u ops -E K=1 docker run -v /:/mnt --rm alpine", "docker run /:/mnt [run /:/mnt alpine] [-v --rm]"},
		{"xargs -n 1 docker inspect", "docker inspect <nil> [inspect] []"},
		{"docker -H tcp://h:2375 container logs web", "docker logs web [container logs web] [-H=tcp://h:2375]"},
		{"docker volume ls", "docker volume ls [volume ls] []"},
		{"docker history --no-trunc app", "docker history app [history app] [--no-trunc]"},
		{"ctr -n k8s.io tasks exec -t id sh", "ctr tasks exec [tasks exec id sh] [-n=k8s.io -t]"},
		{"crictl -r unix:///x exec -it a sh", "crictl exec a [exec a sh] [-r=unix:///x -it]"},
		{"nerdctl -n k8s.io ps", "nerdctl ps <nil> [ps] [-n=k8s.io]"},
		{"podman --url u image save x", "podman save x [image save x] [--url=u]"},
		{"helm -n prod get values pg", "helm get values [get values pg] [-n=prod]"},
		{"env", "env <nil> <nil> [] []"},
		{"env -u A B=1", "env B=1 <nil> [A B=1][1:]"},
		{"/usr/bin/env -i PATH=/ python3 app.py", "python3 app.py <nil> [app.py] []"},
		{"timeout -s 9 30 nohup nice -n 5 busybox tar cf - /x", "tar cf - [cf - /x] []"},
		{"setsid stdbuf -o L time -p doas -u r id", "id <nil> <nil> [] []"},
		{"sudo", "sudo <nil> <nil> [] []"},
		{"sh -c x", "sh x <nil> [x] [-c]"},
		{"etcdctl --endpoints=h get /registry", "etcdctl get /registry [get /registry] [--endpoints=h]"},
	}
	for _, c := range cases {
		var words [][]byte
		for _, w := range strings.Fields(c.argv) {
			words = append(words, []byte(w))
		}
		rd := reading{g: new(group), argv: words, argsRead: true}
		got := rd.command()
		text := fmt.Sprintf("%s %s %s %s %s", orNil(got.tool), orNil(got.verb), orNil(got.sub), got.words, got.flags)
		if strings.HasSuffix(c.want, "[1:]") { // only the tool matters
			text, c.want = string(got.tool), strings.Fields(c.want)[0]
		}
		if text != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.argv, text, c.want)
		}
	}
}

func TestToolOfAnotherName(t *testing.T) {
	const event = `type=SYSCALL msg=audit(1775099045.100:7): arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 auid=1001 uid=1001 gid=1001 euid=1001 suid=1001 fsuid=1001 egid=1001 sgid=1001 fsgid=1001 tty=pts0 ses=3 comm="x" exe=%q key="exec"
type=EXECVE msg=audit(1775099045.100:7): argc=5 a0=%q a1="-n" a2="prod" a3="get" a4="secrets"
`
	for _, c := range []struct{ exe, argv0, want string }{
		{"/usr/bin/kubectl", "[kworker/0:1]", "kubectl get"},
		{"/usr/local/bin/kubectl-1.29", "sshd", "kubectl get"},
		{"/usr/bin/bash", "kubectl.sh", "kubectl.sh prod"},
		{"/usr/local/bin/k3s", "containerd", "containerd prod"},
	} {
		got := values(t, fmt.Sprintf(event, c.exe, c.argv0), "auditd_event", "cli.tool", "cli.verb")
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s as %q: %q, want %s", c.exe, c.argv0, got, c.want)
		}
	}
}

func orNil(b []byte) string {
	if b == nil {
		return "<nil>"
	}
	return string(b)
}

func TestSecretsOfACommand(t *testing.T) {
	for argv, want := range map[string]string{
		"kubectl get secret db tls -n prod":                                     "[db tls] [prod]",
		"kubectl -nprod get secret/db -o yaml":                                  "[db] [prod]",
		"kubectl get secrets -A":                                                "[*] []",
		"kubectl get secrets.v1. --all-namespaces=true":                         "[*] []",
		"kubectl get cm,Secret --namespace=prod -l app=x":                       "[*] [prod]",
		"kubectl get secret -o=jsonpath={.data} db":                             "[db] []",
		"kubectl get pods secret":                                               "[] []",
		"kubectl get pod/web secret/db secret/tls":                              "[db tls] []",
		"kubectl get sa default -n prod":                                        "[] [prod]",
		"k3s kubectl describe secret db":                                        "[db] []",
		"oc extract secret/pull --to=- --confirm -n openshift":                  "[pull] [openshift]",
		"kubectl view-secret db password":                                       "[db] []",
		"kubectl patch secret db --type merge -p {}":                            "[db] []",
		"kubectl label secret/db a=b":                                           "[db] []",
		"sudo kubectl -n kube-system get secret":                                "[*] [kube-system]",
		"docker get secret db":                                                  "[] []",
		"curl -sk https://10.96.0.1/api/v1/namespaces/prod/secrets/db?pretty=1": "[db] [prod]",
		"curl -sk $API/api/v1/namespaces/$NS/secrets":                           "[*] []",
		"curl -sk https://10.96.0.1/api/v1/secrets?limit=500":                   "[*] []",
		"curl -sk https://10.96.0.1/api/v1/pods":                                "[] []",
		"kubectl get --raw /api/v1/namespaces/prod/secrets":                     "[*] [prod]",
		"kubectl get --raw=/api/v1/namespaces/prod/secrets/db":                  "[db] [prod]",
		"etcdctl get /registry/secrets/prod/db":                                 "[db] [prod]",
		"etcdctl get --prefix /registry/secrets":                                "[*] []",
		"etcdctl get /registry/pods/prod/db":                                    "[] []",
		"kubectl":                                                               "[] []",
	} {
		var words [][]byte
		for _, w := range strings.Fields(argv) {
			words = append(words, []byte(w))
		}
		rd := reading{g: new(group), argv: words, argsRead: true}
		c := rd.command()
		if got := fmt.Sprintf("%s %s", c.secrets(nil), c.namespace(nil)); got != want {
			t.Errorf("%s: %s, want %s", argv, got, want)
		}
	}
}
