package cmdline

import (
	"bytes"
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
		{"docker exec -itu root web env", "docker exec web [exec web env] [-it -u=root]"},
		{"docker exec -uroot web env", "docker exec web [exec web env] [-uroot]"},
		{"kubectl exec -itn prod api-0 -- env", "kubectl exec api-0 [exec api-0 env] [-it -n=prod]"},
		{"kubectl get secrets -Ao yaml", "kubectl get secrets [get secrets] [-A -o=yaml]"},
		{"kubectl get secrets -nprod", "kubectl get secrets [get secrets] [-nprod]"},
		{"docker logs --tail 10 -n 5 web", "docker logs web [logs web] [--tail=10 -n=5]"},
		{"docker container logs --since 10m web", "docker logs web [container logs web] [--since=10m]"},
		{"docker compose logs --tail 10 web", "docker logs web [compose logs web] [--tail=10]"},
		{"docker commit -m msg -a me web x:1", "docker commit web [commit web x:1] [-m=msg -a=me]"},
		{"kubectl create token -n ci --duration 24h deployer", "kubectl create token [create token deployer] [-n=ci --duration=24h]"},
		{"runc --root /run/runc exec -u 0 abc env", "runc exec abc [exec abc env] [--root=/run/runc -u=0]"},
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
		{"/tmp/.x get secrets -A -o yaml", "kubectl get secrets [get secrets] [-A -o=yaml]"},
		{"kubelet-agent --kubeconfig /etc/kubernetes/admin.conf get secret/db -ojson", "kubectl get secret/db [get secret/db] [--kubeconfig=/etc/kubernetes/admin.conf -ojson]"},
		{"sudo /dev/shm/k create token admin -n kube-system", "kubectl create token [create token admin] [-n=kube-system]"},
		{"passwords get secrets -o json", "passwords get secrets [get secrets json] [-o]"},
		{"forge create token admin", "forge create token [create token admin] []"},
		{"forge create token admin for -n x", "forge create token [create token admin for x] [-n]"},
		{"grep -n secrets get", "grep secrets get [secrets get] [-n]"},
		{"cloud secrets get -n prod", "cloud secrets get [secrets get prod] [-n]"},
		{"get secrets", "get secrets <nil> [secrets] []"},
		{"env", "env <nil> <nil> [] []"},
		{"env -u A B=1", "env B=1 <nil> [A B=1][1:]"},
		{"/usr/bin/env -i PATH=/ python3 app.py", "python3 app.py <nil> [app.py] []"},
		{"timeout -s 9 30 nohup nice -n 5 busybox tar cf - /x", "tar cf - [cf - /x] []"},
		{"setsid stdbuf -o L time -p doas -u r id", "id <nil> <nil> [] []"},
		{"sudo", "sudo <nil> <nil> [] []"},
		{"sudo -- kubectl get secrets", "kubectl get secrets [get secrets] []"},
		{"env -- A=1 kubectl get secrets", "kubectl get secrets [get secrets] []"},
		{"timeout -k 1 -- 5 kubectl get secrets", "kubectl get secrets [get secrets] []"},
		{"sudo -u", "sudo <nil> <nil> [] [-u]"},
		{"sudo --", "sudo <nil> <nil> [] []"},
		{"timeout 5", "timeout 5 <nil> [5] []"},
		{"nohup A=1 kubectl", "A=1 kubectl <nil> [kubectl] []"},
		{"env A_b9=x kubectl get", "kubectl get <nil> [get] []"},
		{"env a-b=x kubectl get", "a-b=x kubectl get [kubectl get] []"},
		{"k3s", "k3s <nil> <nil> [] []"},
		{"kubectl get -- -A", "kubectl get -A [get -A] []"},
		{"kubectl get -n", "kubectl get <nil> [get] [-n]"},
		{"docker container", "docker container <nil> [container] []"},
		{"docker -v run", "docker run <nil> [run] [-v]"},
		{"sh -c x", "sh x <nil> [x] [-c]"},
		{"etcdctl --endpoints=h get /registry", "etcdctl get /registry [get /registry] [--endpoints=h]"},
	}
	for _, c := range cases {
		var got Command
		got.Parse(bytes.Fields([]byte(c.argv)), nil)
		text := fmt.Sprintf("%s %s %s %s %s", orNil(got.Tool), orNil(got.Verb), orNil(got.Sub), got.Words, got.Flags)
		if strings.HasSuffix(c.want, "[1:]") { // only the tool matters
			text, c.want = string(got.Tool), strings.Fields(c.want)[0]
		}
		if text != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.argv, text, c.want)
		}
	}
}

// TestAToolUnderAnotherName: the first argument is whatever the caller likes, the file is
// not; but what only starts a tool is not it.
func TestAToolUnderAnotherName(t *testing.T) {
	for _, c := range []struct{ argv, exe, want string }{
		{"x get secrets", "/usr/local/bin/kubectl", "kubectl"},
		{"x get secrets", "/opt/kubectl-1.28", "kubectl"},
		{"kubectl get secrets", "/usr/bin/docker", "kubectl"}, // one program for many names
		{"x get secrets", "/usr/bin/docker-proxy", "x"},
		{"x get secrets", "/usr/bin/k", "kubectl"},
		{"x get secrets", "/usr/bin/keep", "x"},
		{"x get secrets", "", "x"},
		{"sudo x get secrets", "/usr/local/bin/kubectl", "x"},
	} {
		var got Command
		if got.Parse(bytes.Fields([]byte(c.argv)), []byte(c.exe)); string(got.Tool) != c.want {
			t.Errorf("%s of %s is %s, want %s", c.argv, c.exe, got.Tool, c.want)
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
		"nerdctl -n k8s.io exec a1 env":                                         "[] []",
		"kubectl cp prod/api-0:/etc/x /tmp/x":                                   "[] [prod]",
		"kubectl view-secret db password":                                       "[db] []",
		"kubectl modify-secret db -n prod":                                      "[db] [prod]",
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
		"k3s kubectl":                                                           "[] []",
		"oc kubectl get secret db":                                              "[db] []",
		"kubectl get secret db --all-namespaces=false -n prod":                  "[db] [prod]",
		"kubectl get secret db -A -n prod":                                      "[db] []",
		"kubectl get secret $DB":                                                "[*] []",
		"kubectl get secret .x -x y":                                            "[y] []",
		"kubectl view-secret":                                                   "[*] []",
		"kubectl delete configmap/a secret/db -n":                               "[db] []",
		"kubectl edit secret db tls":                                            "[db] []",
		"kubectl create secret db":                                              "[] []",
		"curl https://h/api/v1/namespaces/a-1.b/secrets/c-2.d":                  "[c-2.d] [a-1.b]",
		"curl https://h/api/v1/secretsx":                                        "[] []",
	} {
		var c Command
		c.Parse(bytes.Fields([]byte(argv)), nil)
		if got := fmt.Sprintf("%s %s", c.Secrets(nil), c.Namespace(nil)); got != want {
			t.Errorf("%s: %s, want %s", argv, got, want)
		}
	}
}

// TestCommandsAreParsedIntoTheRoomOfTheLast: nothing of one shows in the next, and none of
// the same length allocates.
func TestCommandsAreParsedIntoTheRoomOfTheLast(t *testing.T) {
	long := bytes.Fields([]byte("sudo kubectl --context c -n prod get secret db tls -o yaml -A"))
	short := bytes.Fields([]byte("env"))
	var c Command
	if n := testing.AllocsPerRun(10, func() { c.Parse(long, nil) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	c.Parse(short, nil)
	if string(c.Tool) != "env" || c.Verb != nil || c.Sub != nil || len(c.Words)+len(c.Flags) != 0 {
		t.Errorf("%q %q %q %q %q behind another", c.Tool, c.Verb, c.Sub, c.Words, c.Flags)
	}
}

func TestObjects(t *testing.T) {
	cases := []struct{ argv, want string }{
		{"podman exec -l env", ""}, {"podman exec --latest env", ""}, {"podman exec -it web env", "web"}, {"docker exec {} env", ""}, {"docker inspect {}", ""},
		{"docker exec -e A=b web env", "web"},
		{"docker logs --tail 10 web", "web"},
		{"docker inspect -f {{.Config.Env}} web db", "web, db"},
		{"docker export -o /tmp/x web", "web"},
		{"docker export web -o /tmp/x", "web"},
		{"docker commit -m msg web stolen:1", "web"},
		{"docker cp -L web:/app/.env -", "web:/app/.env"},
		{"docker save -o x app:1 app:2", "app:1, app:2"},
		{"docker compose exec -T db env", "db"},
		{"podman generate kube -f x.yml web", "web"},
		{"podman kube generate web db", "web, db"},
		{"podman kube play x.yml", ""},
		{"docker ps", ""},
		{"docker service inspect web", ""},
		{"docker inspect" + strings.Repeat(" c", maxNamed), strings.Repeat("c, ", maxNamed-1) + "c"},
		{"docker inspect" + strings.Repeat(" c", maxNamed+1), ""},
		{"kubectl get pods -o yaml" + strings.Repeat(" c", maxNamed+1), ""},
		{"docker inspect", ""},
		{"docker", ""},
		{"crictl -r unix:///x exec -it a1 env", "a1"},
		{"crictl logs --tail 5 a1", "a1"},
		{"runc --root /run/runc exec a1 env", "a1"},
		{"kubectl exec -n prod api-0 -c api -- env", "pod api-0"},
		{"kubectl exec pod/api-0 -- env", "pod api-0"},
		{"kubectl exec deploy/api -n prod -- env", "pods of deploy/api"},
		{"k3s kubectl logs --since 1h api-0", "pod api-0"},
		{"kubectl logs -l app=api", "pods with app=api"},
		{"kubectl logs", ""},
		{"kubectl cp prod/api-0:/etc/x /tmp/x", "pod api-0"},
		{"kubectl cp /tmp/x api-0:/etc/x", "pod api-0"},
		{"kubectl create token --duration 24h deployer -n ci", "deployer"},
		{"kubectl create token", ""},
		{"kubectl create secret generic x", ""},
		{"kubectl get pods", ""},
		{"kubectl get pods -l app=api -o yaml", "pods with app=api"},
		{"kubectl get pod api-0 api-1 -n prod -o yaml", "pod api-0, pod api-1"},
		{"kubectl get pod/api-0 deploy/web -o yaml", "pod api-0, pods of deploy/web"},
		{"kubectl get sts db -o yaml", "pods of sts/db"},
		{"kubectl get secret db -o yaml", ""},
		{"kubectl get all -l app=api", ""},
		{"oc rsh api-0 env", "pod api-0"},
		{"helm get values x", ""},
		{"cat x", ""},
		{"curl -s --unix-socket /run/docker.sock http://x/containers/My_web/json", "My_web"},
		{"curl --unix-socket /run/docker.sock http://x/containers/json", ""},
		{"cat /var/lib/docker/containers/a1b2/config.v2.json", "a1b2"},
		{"cat /var/lib/containers/storage/overlay/x/diff/app/.env", ""},
		{"curl --unix-socket /run/docker.sock http://x/containers/$C/json", ""},
	}
	for _, c := range cases {
		var got Command
		got.Parse(bytes.Fields([]byte(c.argv)), nil)
		if text := bytes.Join(got.Objects(nil), []byte(", ")); string(text) != c.want {
			t.Errorf("%s: %q, want %q", c.argv, text, c.want)
		}
	}
}
