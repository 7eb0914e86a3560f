const sdk = require("purecloud-platform-client-v2");
const [port, action] = process.argv.slice(2);
const client = sdk.ApiClient.instance;
client.setGateway({ host: "127.0.0.1", protocol: "http", port: Number(port) });
const api = new sdk.ExternalContactsApi();
(async () => {
  await client.loginClientCredentialsGrant("id", "secret");
  if (action === "update") {
    const contact = await api.getExternalcontactsContact("c1");
    contact.title = null;
    await api.putExternalcontactsContact("c1", contact);
  } else if (action === "create") {
    await api.postExternalcontactsContacts({ lastName: "Lovelace" });
  } else {
    await api.getExternalcontactsContact("c1");
  }
  process.exit(0);
})().catch((error) => { console.log(String(error && (error.message || error.status || JSON.stringify(error)))); process.exit(1); });
