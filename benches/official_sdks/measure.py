"""What the official SDKs, and this crate, do when the service or the network misbehaves: one line a question.

pip install PureCloudPlatformClientV2; npm install purecloud-platform-client-v2
python measure.py python
python measure.py node                                  # with measure.js beside this file
python measure.py ../../target/debug/external-contacts  # this crate; what it writes back, tests/parity/ shows
"""
import http.server, json, os, socket, subprocess, sys, threading, time

CONTACT = {"id": "c1", "lastName": "Lovelace", "title": "Countess", "futureMember": {"kept": True}, "type": "FutureType"}


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen, plan = [], []

    def log_message(self, *_):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Service.seen.append((self.command, self.path, body.decode(), self.headers.get("Authorization", "")))
        if self.path.endswith("/oauth/token"):
            n = sum(1 for call in Service.seen if call[1].endswith("/oauth/token"))
            return self.send(200, {"access_token": f"token-{n}", "token_type": "bearer", "expires_in": 86400})
        what = Service.plan.pop(0) if Service.plan else 200
        if what == "break":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if what == "hang":
            return time.sleep(90)
        if what == 200:
            return self.send(200, CONTACT)
        code = {401: "bad.credentials", 429: "too.many.requests.retry.after"}.get(what, "service.unavailable")
        self.send(what, {"status": what, "code": code, "message": "No."}, {"Retry-After": "1"} if what == 429 else {})

    def send(self, status, value, headers={}):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = answer


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{server.server_port}"


def python_sdk(action):
    import PureCloudPlatformClientV2 as sdk

    sdk.configuration.host = URL
    client = sdk.api_client.ApiClient()
    client.get_client_credentials_token("id", "secret")
    api = sdk.ExternalContactsApi(client)
    if action == "update":
        contact = api.get_externalcontacts_contact("c1")
        contact.title = None
        return api.put_externalcontacts_contact("c1", contact)
    if action == "create":
        contact = sdk.ExternalContact()
        contact.last_name = "Lovelace"
        return api.post_externalcontacts_contacts(contact)
    return api.get_externalcontacts_contact("c1")


def node_sdk(action):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "measure.js")
    done = subprocess.run(["node", script, str(server.server_port), action], capture_output=True, text=True, timeout=100)
    if done.returncode:
        raise Exception((done.stdout + done.stderr).strip()[-200:])


def program(action):
    arguments = {
        "get": ["GET", "/api/v2/externalcontacts/contacts/c1"],
        "create": ["POST", "/api/v2/externalcontacts/contacts", "--body", "-"],
    }[action]
    command = [sys.argv[1], "api", *arguments, "--server", URL]
    done = subprocess.run(command, input='{"lastName":"Lovelace"}', capture_output=True, text=True, timeout=100)
    if done.returncode:
        raise Exception(done.stderr.strip())


RUN = {"python": python_sdk, "node": node_sdk}.get(sys.argv[1], program)


def measure(question, action, plan):
    Service.seen.clear()
    Service.plan[:] = plan
    start, outcome = time.time(), []

    def work():
        try:
            RUN(action)
            outcome.append("succeeded")
        except BaseException as error:
            outcome.append("failed: " + " ".join(str(error).split())[:200])

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(60)
    calls = [call for call in Service.seen if not call[1].endswith("/oauth/token")]
    sent = json.loads(calls[-1][2]) if calls and calls[-1][0] == "PUT" else None
    print(f"{question}: {(outcome or ['still waiting'])[0]} after {time.time() - start:.1f} s, {len(calls)} requests")
    if sent is not None:
        print("   the update sent", json.dumps(sent))


if RUN is not program:
    measure("a contact is read, its title cleared, and written back", "update", [])
measure("a get, 503 once", "get", [503])
measure("a get, 429 once with Retry-After: 1", "get", [429])
measure("a get, 401 once", "get", [401])
measure("a get, the connection breaks once", "get", ["break"])
measure("a create, the connection breaks after it arrived", "create", ["break"])
measure("a get, no answer", "get", ["hang", "hang", "hang", "hang", "hang", "hang"])
os._exit(0)
