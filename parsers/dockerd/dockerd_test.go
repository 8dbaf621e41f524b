package dockerd

import (
	"testing"

	"tideline/parsers/parsertest"
)

const id = "35fc5ec0ffe1ad492d0a4fbf51fd6286a087b89d4dd66367fa3b7aec70b46a40"

// cases are the generations of the log, with the fields that rules ask for.
var cases = []parsertest.Case{
	{
		Name:   "calling",
		Input:  `time="2025-03-01T10:00:00.123456789Z" level=debug msg="Calling GET /v1.41/containers/` + id + `/logs?stderr=1&stdout=1"` + "\n",
		Fields: []string{"level", "method", "request-url", "http.path", "http.query", "docker.action", "status", "container.id"},
		Want: []string{"2025-03-01T10:00:00.123456789Z - logs container /" + id + " unknown [dockerd: level=debug method=GET request-url=/v1.41/containers/" + id +
			"/logs?stderr=1&stdout=1 http.path=/containers/" + id + "/logs http.query=stderr=1&stdout=1 docker.action=logs container.id=" + id + "]"},
	},
	{
		Name: "calling-with-form-data",
		Input: `time="2025-03-01T10:00:00Z" level=debug msg="Calling POST /containers/create?name=x"` + "\n" +
			`time="2025-03-01T10:00:00.001Z" level=debug msg="form data: {\"Cmd\":[\"sh\",\"-c\",\"id\"],\"HostConfig\":{\"Binds\":[\"/:/host\"],\"Privileged\":true},\"Image\":\"alpine\"}"` + "\n" +
			`time="2025-03-01T10:00:01Z" level=debug msg="attach: stdout: begin"` + "\n",
		Fields: []string{"method", "http.path", "body.HostConfig.Binds", "body.hostconfig.privileged", "body.Image", "body.Cmd", "CommandLine", "msg"},
		Want: []string{
			"2025-03-01T10:00:00Z - create container /x unknown $ sh -c id [dockerd: method=POST http.path=/containers/create body.HostConfig.Binds=/:/host" +
				" body.hostconfig.privileged=true body.Image=alpine body.Cmd=sh -c id body.Cmd=sh body.Cmd=-c body.Cmd=id CommandLine=sh -c id" +
				" msg=Calling POST /containers/create?name=x] [process_creation: CommandLine=sh -c id]",
			"2025-03-01T10:00:01Z - - - / unknown [dockerd: msg=attach: stdout: begin]",
		},
	},
	{
		Name: "post-without-body",
		Input: `time="2025-03-01T10:00:00Z" level=debug msg="Calling POST /v1.41/containers/web/start"` + "\n" +
			`time="2025-03-01T10:00:00Z" level=debug msg="Calling GET /_ping"` + "\n" +
			`time="2025-03-01T10:00:00Z" level=debug msg="form data: {\"Env\":[\"A=b\"]}"` + "\n",
		Fields: []string{"method", "http.path", "body.Env"},
		Want: []string{
			"2025-03-01T10:00:00Z - start container /web unknown [dockerd: method=POST http.path=/containers/web/start]",
			"2025-03-01T10:00:00Z - _ping daemon / unknown [dockerd: method=GET http.path=/_ping]",
			"2025-03-01T10:00:00Z - - - / unknown [dockerd: body.Env=A=b]",
		},
	},
	{
		Name: "calls-between",
		Input: `time="2025-03-01T10:00:00Z" level=debug msg="Calling POST /v1.41/containers/create"` + "\n" +
			`time="2025-03-01T10:00:00.1Z" level=debug msg="Calling GET /v1.41/info"` + "\n" +
			`time="2025-03-01T10:00:00.2Z" level=debug msg="Calling POST /v1.41/containers/web/wait"` + "\n" +
			`time="2025-03-01T10:00:00.3Z" level=debug msg="form data: {\"HostConfig\":{\"Privileged\":true}}"` + "\n",
		Fields: []string{"http.path", "body.HostConfig.Privileged"},
		Want: []string{
			"2025-03-01T10:00:00.1Z - info daemon / unknown [dockerd: http.path=/info]",
			"2025-03-01T10:00:00.2Z - wait container /web unknown [dockerd: http.path=/containers/web/wait]",
			"2025-03-01T10:00:00Z - create container / unknown [dockerd: http.path=/containers/create body.HostConfig.Privileged=true]",
		},
	},
	{
		Name: "route-patterns",
		Input: `time="2015-03-01T10:00:00Z" level="debug" msg="Calling GET /containers/{name:.*}/json" ` + "\n" +
			`time="2015-03-01T10:00:00Z" level="info" msg="GET /v1.17/containers/web/json" ` + "\n" +
			`time="2015-03-01T10:00:01Z" level="debug" msg="Calling POST /containers/{name:.*}/exec" ` + "\n" +
			`time="2015-03-01T10:00:01Z" level="info" msg="POST /v1.17/containers/web/exec" ` + "\n" +
			`time="2015-03-01T10:00:02Z" level="error" msg="Handler for GET /images/{name:.*}/json returned error: no such id: a" ` + "\n",
		Fields: []string{"method", "request-url"},
		Want: []string{
			"2015-03-01T10:00:00Z - - - / unknown",
			"2015-03-01T10:00:00Z - inspect container /web unknown [dockerd: method=GET request-url=/v1.17/containers/web/json]",
			"2015-03-01T10:00:01Z - - - / unknown",
			"2015-03-01T10:00:02Z - - - / unknown",
			"2015-03-01T10:00:01Z - exec_create container /web unknown [dockerd: method=POST request-url=/v1.17/containers/web/exec]",
		},
	},
	{
		Name: "handling",
		Input: `time="2025-03-01T10:00:00Z" level=debug msg="handling POST request" form-data="{\"Cmd\":[\"bash\",\"-c\",\"cat /tmp/output.txt\"],\"User\":\"root\"}" method=POST module=api request-url=/v1.48/containers/t1609_container/exec spanID=2 traceID=1 vars="map[version:1.48]"` + "\n" +
			`time="2025-03-01T10:00:00Z" level=debug msg="error response for POST request" error-response="No such container: t1609_container" method=POST module=api request-url=/v1.48/containers/t1609_container/exec status=404` + "\n" +
			`time="2025-03-01T10:00:00Z" level=debug msg="handling GET request" method=GET module=api request-url="/v1.48/containers/1f2e/archive?path=%2Frun%2Fsecrets" vars="map[name:1f2e version:1.48]"` + "\n",
		Fields: []string{"http.path", "http.query", "body.User", "docker.cmd", "status", "error-response", "module"},
		Want: []string{
			"2025-03-01T10:00:00Z - exec_create container /t1609_container unknown $ bash -c cat /tmp/output.txt [dockerd: http.path=/containers/t1609_container/exec body.User=root" +
				" docker.cmd=bash -c cat /tmp/output.txt module=api]",
			"2025-03-01T10:00:00Z - exec_create container /t1609_container failed [dockerd: http.path=/containers/t1609_container/exec status=404" +
				" error-response=No such container: t1609_container module=api]",
			"2025-03-01T10:00:00Z - archive-path container /1f2e unknown [dockerd: http.path=/containers/1f2e/archive http.query=path=/run/secrets module=api]",
		},
	},
	{
		Name: "failures-at-any-level",
		Input: `time="2025-03-01T10:00:00Z" level=error msg="Handler for POST /v1.41/auth returned error: Get \"https://registry.corp/v2/\": unauthorized: incorrect username or password"` + "\n" +
			`time="2025-03-01T10:00:00Z" level=error msg="Handler for GET /containers/{name}/json returned error" error-response=oops method=GET module=api request-url=/v1.51/containers/db/json status=500` + "\n",
		Fields: []string{"method", "http.path", "request-url", "status"},
		Want: []string{
			"2025-03-01T10:00:00Z - login daemon / failed [dockerd: method=POST http.path=/auth request-url=/v1.41/auth]",
			"2025-03-01T10:00:00Z - inspect container /db failed [dockerd: method=GET http.path=/containers/db/json request-url=/v1.51/containers/db/json status=500]",
		},
	},
	{
		Name:   "json",
		Input:  `{"level":"debug","method":"GET","msg":"handling GET request","request-url":"/v1.47/swarm/unlockkey","time":"2025-03-01T10:00:00+01:00","vars":{"version":"1.47"}}` + "\n",
		Fields: []string{"level", "http.path", "vars"},
		Want:   []string{`2025-03-01T09:00:00Z - unlockkey swarm / unknown [dockerd: level=debug http.path=/swarm/unlockkey vars={"version":"1.47"}]`},
	},
	{
		Name: "prefixed",
		Input: `2021-07-28T10:21:21Z dockerd time="2021-07-28T10:21:21.5Z" level=debug msg="Calling GET /v1.41/info"` + "\n" +
			`Mar  1 10:00:00 node1 dockerd[812]: time="2025-03-01T10:00:00Z" level=info msg="API listen on /run/docker.sock"` + "\n" +
			`Mar  1 10:00:00 node1 dockerd[812]: goroutine 1 [running]:` + "\n" +
			`Sat 2025-03-01 10:00:02 UTC node1 docker.service[812]: time="2025-03-01T10:00:02Z" level=debug msg="Calling GET /v1.41/version"` + "\n",
		Fields: []string{"http.path", "msg"},
		Want: []string{
			"2021-07-28T10:21:21.5Z - info daemon / unknown [dockerd: http.path=/info msg=Calling GET /v1.41/info]",
			"2025-03-01T10:00:00Z - - - / unknown [dockerd: msg=API listen on /run/docker.sock]",
			"- - - - / unknown [dockerd: msg=goroutine 1 [running]:]",
			"2025-03-01T10:00:02Z - version daemon / unknown [dockerd: http.path=/version msg=Calling GET /v1.41/version]",
		},
		Foreign: []string{`Mar  1 10:00:00 node1 kubelet[9]: time="2025-03-01T10:00:00Z" level=info msg="x"`, `Mar  1 10:00:00 node1 sshd[9]: Accepted publickey`,
			`{"kind":"Event","level":"Metadata"}`, `{"time":"2025-03-01T10:00:00.1Z","level":"INFO","msg":"order created","id":7}`, `type=SYSCALL msg=audit(1.1:1): x=y`, ``, `plain`,
			"\t* docker: Make the tests pass.", "docker: a whale", `	// time=2025-03-01T10:00:00.000Z level=INFO msg=hello`, `// time=2025-03-01T10:00:00.000Z level=INFO msg=hello`},
	},
	{
		Name: "terminal",
		Input: "DEBU[2025-03-01T10:00:00.5Z] Calling GET /v1.41/containers/json?all=1    spanID=1\n" +
			"\x1b[31mERRO\x1b[0m[0007] Handler for GET /v1.41/images/a/b/json returned error: no  \x1b[31mmodule\x1b[0m=api\n",
		Fields: []string{"level", "http.path", "module", "spanID"},
		Want: []string{
			"2025-03-01T10:00:00.5Z - list container / unknown [dockerd: level=debug http.path=/containers/json spanID=1]",
			"- - inspect image /a/b failed [dockerd: level=error http.path=/images/a/b/json module=api]",
		},
	},
	{
		Name: "containerd-exec-and-desktop",
		Input: `time="2025-03-01T10:00:00Z" level=info msg="Exec for \"` + id + `\" with command [sh -c cat /x], tty false and stdin true"` + "\n" +
			`[2025-03-01T10:00:01.123Z][dockerd] time="2025-03-01T10:00:01Z" level=debug msg="Calling GET /v1.41/containers/x/json"` + "\n" +
			`[2025-03-01T10:00:02.123Z][dockerd][I] time="2025-03-01T10:00:02Z" level=debug msg="Calling GET /v1.41/containers/y/json"` + "\n" +
			`2025-03-01T10:00:03Z docker.dockerd[812]: time="2025-03-01T10:00:03Z" level=debug msg="Calling GET /v1.41/containers/z/json"` + "\n",
		Fields:  []string{"docker.cmd"},
		Foreign: []string{`[2025-03-01T10:00:02.123Z][kubelet][I] time="2025-03-01T10:00:02Z" level=debug msg="Calling GET /v1.41/containers/y/json"`},
		Want: []string{
			"2025-03-01T10:00:00Z - exec_create container /" + id + " unknown $ sh -c cat /x [dockerd: docker.cmd=sh -c cat /x]",
			"2025-03-01T10:00:01Z - inspect container /x unknown",
			"2025-03-01T10:00:02Z - inspect container /y unknown",
			"2025-03-01T10:00:03Z - inspect container /z unknown",
		},
	},
	{
		Name: "containerd-exec",
		Input: `time="2025-03-01T10:00:00Z" level=info msg="ExecSync for \"` + id + `\" with command [sh -c cat /run/secrets/x] and timeout 1 (s)"` + "\n" +
			`time="2025-03-01T10:00:00Z" level=info msg="Exec for \"` + id + `\" with command [bash] tty true and stdin true"` + "\n",
		Fields: []string{"docker.action", "container.id", "CommandLine"},
		Want: []string{
			"2025-03-01T10:00:00Z - exec_create container /" + id + " unknown $ sh -c cat /run/secrets/x [dockerd: docker.action=exec_create container.id=" + id +
				" CommandLine=sh -c cat /run/secrets/x] [process_creation: CommandLine=sh -c cat /run/secrets/x]",
			"2025-03-01T10:00:00Z - exec_create container /" + id + " unknown $ bash [dockerd: docker.action=exec_create container.id=" + id +
				" CommandLine=bash] [process_creation: CommandLine=bash]",
		},
	},
	{
		Name: "podman",
		Input: `time="2021-03-06T10:39:36-05:00" level=info msg="APIHandler(4f0c) -- GET /v4.0.0/libpod/secrets/json BEGIN"` + "\n" +
			`time="2021-03-06T10:39:36-05:00" level=debug msg="APIHandler(4f0c) -- GET /v4.0.0/libpod/secrets/json END"` + "\n" +
			`time="2021-03-06T10:39:36-05:00" level=debug msg="APIHandler -- Method: GET URL: /v1.40/containers/json?all=1 (conn 0/0)"` + "\n" +
			`time="2021-03-06T10:39:36-05:00" level=info msg="@ - - [06/Mar/2021:15:39:36 +0000] \"GET /v1.41/containers/web/logs?stdout=1 HTTP/1.1\" 200 2683 \"\" \"Docker-Client/20.10\""` + "\n",
		Fields: []string{"method", "http.path", "status"},
		Want: []string{
			"2021-03-06T15:39:36Z - list secret / unknown [dockerd: method=GET http.path=/secrets/json]",
			"2021-03-06T15:39:36Z - - - / unknown",
			"2021-03-06T15:39:36Z - list container / unknown [dockerd: method=GET http.path=/containers/json]",
			"2021-03-06T15:39:36Z - logs container /web allowed [dockerd: method=GET http.path=/containers/web/logs status=200]",
		},
	},
	{
		Name: "podman-bare",
		Input: `@ - - [01/Mar/2025:11:00:01 +0100] "GET /v4.0.0/libpod/containers/web/json HTTP/1.1" 200 1234 "" "Go-http-client/1.1"` + "\n" +
			`Mar  1 10:00:02 node1 podman[3349]: @ - - [01/Mar/2025:11:00:02 +0100] "POST /v1.44/containers/web/exec HTTP/1.1" 404 7` + "\n",
		Fields: []string{"http.path", "status"},
		Want: []string{
			"2025-03-01T10:00:01Z - inspect container /web allowed [dockerd: http.path=/containers/web/json status=200]",
			"2025-03-01T10:00:02Z - exec_create container /web failed [dockerd: http.path=/containers/web/exec status=404]",
		},
		Foreign: []string{`@ - - [words]`, `10.0.0.1 - - [01/Mar/2025:11:00:01 +0100] "GET / HTTP/1.1" 200 1`},
	},
	{
		Name: "crio",
		Input: `time="2025-03-01 10:00:00.123456789Z" level=debug msg="ExecSyncRequest &ExecSyncRequest{ContainerId:4f0c,Cmd:[sh -c cat /x],Tty:true],Timeout:10,}"` + "\n" +
			`time="2025-03-01T10:00:01Z" level=debug msg="Request: &ExecRequest{ContainerId:4f0c,Cmd:[cat /run/secrets/x],Tty:true,Stdin:true,Stdout:true,Stderr:false,}" file="otel-collector/interceptors.go:62" name=/runtime.v1.RuntimeService/Exec` + "\n" +
			`time="2025-03-01T10:00:02Z" level=debug msg="Request: &v1.ExecRequest{state:impl.MessageState{}, ContainerId:\"4f0c\", Cmd:[]string{\"sh\", \"-c\", \"echo \\\"a, b\\\"}\"}, Tty:true, Stdin:true}"` + "\n" +
			`time="2025-03-01T10:00:03Z" level=debug msg="Request: &AttachRequest{ContainerId:4f0c,Stdin:true,Tty:true,}"` + "\n" +
			`time="2025-03-01T10:00:04Z" level=debug msg="Request: &ListContainersRequest{Filter:&ContainerFilter{Id:,}}"` + "\n",
		Fields: []string{"docker.action", "container.id", "docker.cmd"},
		Want: []string{
			"2025-03-01T10:00:00.123456789Z - exec_create container /4f0c unknown $ sh -c cat /x],Tty:true [dockerd: docker.action=exec_create container.id=4f0c docker.cmd=sh -c cat /x],Tty:true]",
			"2025-03-01T10:00:01Z - exec_create container /4f0c unknown $ cat /run/secrets/x [dockerd: docker.action=exec_create container.id=4f0c docker.cmd=cat /run/secrets/x]",
			`2025-03-01T10:00:02Z - exec_create container /4f0c unknown $ sh -c echo "a, b"} [dockerd: docker.action=exec_create container.id=4f0c docker.cmd=sh -c echo "a, b"}]`,
			"2025-03-01T10:00:03Z - - - / unknown [dockerd: container.id=4f0c]",
			"2025-03-01T10:00:04Z - - - / unknown",
		},
	},
	{
		Name: "spelled-oddly",
		Input: `time="2025-03-01T10:00:00Z" level=debug msg="Calling GET http://docker/v1.41/containers/db/%6Aso%6e?size=1"` + "\n" +
			`time="2025-03-01T10:00:00Z" level=debug msg="Calling GET /v1.41/containers/db/\x6cogs?std\u006fut=1"` + "\n",
		Fields: []string{"http.path", "http.query"},
		Want: []string{
			"2025-03-01T10:00:00Z - inspect container /db unknown [dockerd: http.path=/containers/db/json http.query=size=1]",
			"2025-03-01T10:00:00Z - logs container /db unknown [dockerd: http.path=/containers/db/logs http.query=stdout=1]",
		},
	},
}

func TestConformance(t *testing.T) { parsertest.Run(t, Format, cases...) }

// decodeAll returns the events of lines, rendered, and the last error.
func decodeAll(t *testing.T, input string, fields ...string) (events []string, last error) {
	t.Helper()
	return parsertest.Lines(t, Format, input, fields...)
}
