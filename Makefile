# Everything here sets itself up: all it needs is Python 3.13 and make (and Docker where it says so).
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3.13
VENV := .venv
BIN := $(VENV)/bin
SANDBOX_PORT ?= 4599
BENCH ?=
FAULTS ?=
ATTACKS ?=
FUZZ ?= 60
LAMBDA_IMAGE ?=
SAM_ARGS ?=
SIDE_BY_SIDE := -n 2 --dist worksteal
HERE := tests/unit tests/integration tests/contract tests/cli
COVER ?=
COVERED = $(if $(COVER),--cov --cov-report= --cov-fail-under=0)
COVERED_ALL = $(if $(COVER),--cov --cov-append --cov-report=term)
export SANDBOX_PORT LAMBDA_IMAGE SAM_CLI_TELEMETRY = 0
export AWS_DEFAULT_REGION ?= us-east-1
export PYTHONPATH = layers/latchkey:cli
# Images of CI often set it; without bytecode each process compiles the package and the tests anew.
export PYTHONDONTWRITEBYTECODE =

# Each set of requirements holds the one before it, so one environment grows from demo to lint.
SANDBOX_READY := $(VENV)/.sandbox
TEST_READY := $(VENV)/.test
BROWSER_READY := $(VENV)/.browser
DEV_READY := $(VENV)/.dev
CLI_READY := $(BIN)/latchkey
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r

.PHONY: help
help: ## this list
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

.PHONY: demo
demo: $(SANDBOX_READY) ## the main job, from nothing to a revoked grant, in the sandbox
	@$(BIN)/python -m sandbox.demo

# For this machine only: whoever reaches the sandbox may do anything in it. Containers of `sam local`
# reach it with SANDBOX_HOST=0.0.0.0, which is all interfaces.
sandbox: export SANDBOX_HOST ?= 127.0.0.1
sandbox: export SANDBOX_LOG ?= .cache/sandbox.log
.PHONY: sandbox
sandbox: $(SANDBOX_READY) ## the whole system on a local AWS, left running (SANDBOX_PORT, SANDBOX_HOST)
	@exec $(BIN)/python -m sandbox

.PHONY: samples
samples: $(SANDBOX_READY) ## what the sample configs name, in a running sandbox
	@$(BIN)/python -m sandbox.samples

.PHONY: cli
cli: $(CLI_READY) ## the command line, as .venv/bin/latchkey
	@echo "$(CURDIR)/$(CLI_READY) is ready; \"$(CLI_READY) --help\" lists the commands"

.PHONY: test
test: $(TEST_READY) ## the tests that soon tell whether it works: rules, handlers, contracts, the main job
	@mkdir -p .cache; $(BIN)/python -m pytest tests/e2e -m "e2e and not long" > .cache/main-job.log 2>&1 & job=$$!; \
	  $(BIN)/python -m pytest $(HERE) $(SIDE_BY_SIDE) -m "not long and not e2e and not sam_local and not browser and not release" $(COVERED) || { kill $$job; exit 1; }; \
	  wait $$job || status=$$?; cat .cache/main-job.log; exit $${status:-0}

.PHONY: test-long
test-long: $(TEST_READY) ## the tests that search and wait: the command line, long histories, all of the sandbox
	@$(BIN)/python -m pytest $(HERE) $(SIDE_BY_SIDE) -m "long and not e2e and not sam_local and not browser and not release" $(COVERED_ALL)
	@mkdir -p .cache; $(BIN)/python -m pytest tests/e2e -m "e2e and journal" > .cache/journal.log 2>&1 & journal=$$!; \
	  $(BIN)/python -m pytest tests/e2e -n 2 --dist loadfile --no-loadscope-reorder -m "e2e and not journal" || { kill $$journal; exit 1; }; \
	  wait $$journal || status=$$?; cat .cache/journal.log; exit $${status:-0}

.PHONY: test-all
test-all: $(TEST_READY) ## both, with a floor for what of the code they cover
	@$(MAKE) test test-long COVER=yes

.PHONY: test-browser
test-browser: $(BROWSER_READY) ## the register in Chromium, which has to be on the path (CHROMIUM)
	@$(BIN)/python -m pytest tests/browser -m browser -rA --timeout 300

.PHONY: faults
faults: $(TEST_READY) ## crashes, errors, races, load and hostile input: tried and survived (FAULTS=short)
	@$(BIN)/python -m tools.faults $(FAULTS)

.PHONY: attacks
attacks: $(TEST_READY) ## what uploaders, partners, executors and role administrators try: tried and held (ATTACKS=short)
	@$(BIN)/python -m tools.attacks $(ATTACKS)

.PHONY: safeguards
safeguards: $(TEST_READY) ## takes each safeguard against loss away, and sees a test fail without it
	@$(BIN)/python -m tools.mutants safeguards

.PHONY: mutants
mutants: $(TEST_READY) ## breaks the package in many ways, and sees each one caught by a test
	@$(BIN)/python -m tools.mutants

.PHONY: evaluator
evaluator: $(TEST_READY) ## all roles over all actions, judged by an evaluator that is not ours (node, npm)
	@$(BIN)/python -m tools.evaluator

.PHONY: fuzz
fuzz: $(TEST_READY) ## mutates configs for a minute, to find one that is not answered as it should (FUZZ)
	@$(BIN)/python -m tools.fuzz $(FUZZ)

.PHONY: lint
lint: $(DEV_READY) ## ruff, mypy, cfn-lint, sam validate
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy layers/latchkey/latchkey cli/latchkey_cli functions sandbox tools tests
	$(BIN)/mypy --python-version 3.11 layers/latchkey/latchkey cli/latchkey_cli
	$(BIN)/cfn-lint --regions ALL_REGIONS -- template.yaml spoke.yaml
	$(BIN)/sam validate --lint

.PHONY: format
format: $(DEV_READY) ## ruff's formatter and safe fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: docs
docs: $(TEST_READY) ## the schemas and reference pages anew, from the models
	$(BIN)/python -m tools.reference

.PHONY: docs-images
docs-images: $(BROWSER_READY) $(CLI_READY) ## the pictures in docs/images anew, with Chromium
	$(BIN)/python -m tools.reference.register_picture
	$(BIN)/python -m tools.reference.session

.PHONY: build
build: $(DEV_READY) ## sam build: layers and functions, with their bytecode
	$(BIN)/sam build --no-cached # the cache does not see changes of packaging/Makefile

# Sample events; `make invoke-record-outcome EVENT=events/record_outcome__step_failed.json` takes another.
EVENT_intake-config := events/sqs__config_uploaded.json
EVENT_plan-grant := events/plan_grant__inline_config.json
EVENT_grant-access := events/grant_access__new_grant.json
EVENT_revoke-access := events/revoke_access__expired_grant.json
EVENT_record-outcome := events/record_outcome__access_granted.json
EVENT_notify-outcome := events/notify_outcome__access_granted.json
EVENT_send-digest := events/scheduler__digest.json
EVENT_sweep-grants := events/scheduler__sweep.json
EVENT_find-grants := events/find_grants__suspend_partner.json
EVENT_check-drift := events/cloudtrail__policy_attached.json
EVENT_check-files := events/scheduler__sweep.json
EVENT_publish-register := events/sqs_register__outcomes_recorded.json

FUNCTION_intake-config := IntakeConfigFunction
FUNCTION_plan-grant := PlanGrantFunction
FUNCTION_grant-access := GrantAccessFunction
FUNCTION_revoke-access := RevokeAccessFunction
FUNCTION_record-outcome := RecordOutcomeFunction
FUNCTION_notify-outcome := NotifyOutcomeFunction
FUNCTION_send-digest := SendDigestFunction
FUNCTION_sweep-grants := SweepGrantsFunction
FUNCTION_find-grants := FindGrantsFunction
FUNCTION_check-drift := CheckDriftFunction
FUNCTION_check-files := CheckFilesFunction
FUNCTION_publish-register := PublishRegisterFunction

invoke-%: build ## sam local invoke of a function with a sample event, on a sandbox with SANDBOX_HOST=0.0.0.0 (Docker)
	$(if $(FUNCTION_$*),,$(error there is no function $*))
	$(BIN)/python -m sandbox.samples
	AWS_ACCESS_KEY_ID=$$($(BIN)/python -m sandbox.samples.role_session latchkey-$*) AWS_SECRET_ACCESS_KEY=any \
	$(BIN)/sam local invoke $(FUNCTION_$*) --event $(or $(EVENT),$(EVENT_$*)) --env-vars events/env.json \
	  --add-host host.docker.internal:host-gateway \
	  $(if $(LAMBDA_IMAGE),--skip-pull-image --invoke-image $(LAMBDA_IMAGE)) $(SAM_ARGS)

.PHONY: test-sam-local
test-sam-local: build ## every function in Docker, by sam local invoke
	@$(BIN)/python -m pytest tests/sam_local -m sam_local -rA --timeout 900

.PHONY: release
release: $(DEV_READY) ## wheel, packaged application, checksums and bill of materials, into dist/
	@$(BIN)/python -m tools.release dist

.PHONY: test-release
test-release: $(DEV_READY) ## builds the release twice, and installs its wheel on each Python that is here
	@$(BIN)/python -m pytest tests/release -m release -v -rs --timeout 600

.PHONY: bench
bench: build ## calls, sizes, starts, bursts, scale, cost, next to floors (BENCH_FULL=1, BENCH=<part>)
	@$(BIN)/python -m tools.bench $(BENCH)

.PHONY: lock
lock: $(DEV_READY) ## the hash-pinned requirements anew, from the .in files
	cd requirements && for set in dev browser test sandbox; do \
	  ../$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" $${constraint:-} $$set.in -o $$set.txt; constraint="-c dev.txt"; done
	cd requirements && ../$(BIN)/uv pip compile --quiet --python-version 3.13 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" -c dev.txt functions.in -o ../layers/dependencies/requirements.txt
	# What is locked above, but for what would not install on the first releases of Python 3.11.
	mkdir -p .cache && grep -oE '^[a-z0-9._-]+==[^ ]+' requirements/dev.txt | grep -v '^soupsieve==' > .cache/pins.txt
	cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" -c ../.cache/pins.txt ../pyproject.toml -o cli.txt

.PHONY: clean
clean: ## remove what these commands made
	rm -rf $(VENV) build dist *.egg-info .aws-sam .cache .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.created: .python-version
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.13 is needed; no $(PYTHON) on the path" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; assert sys.version_info[:2] == (3, 13)' 2>/dev/null || { echo "$(PYTHON) does not run as Python 3.13" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(SANDBOX_READY): requirements/sandbox.txt $(VENV)/.created
	@echo "Installing what the sandbox needs (once) …"
	@$(INSTALL) requirements/sandbox.txt
	@touch $@

# Of the project only: what it needs is locked with the sandbox, the build backend too.
$(CLI_READY): pyproject.toml $(SANDBOX_READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(TEST_READY): requirements/test.txt $(SANDBOX_READY) $(CLI_READY)
	@echo "Installing what the tests need (once) …"
	@$(INSTALL) requirements/test.txt
	@touch $@

$(BROWSER_READY): requirements/browser.txt $(TEST_READY)
	@echo "Installing what drives the browser (once) …"
	@$(INSTALL) requirements/browser.txt
	@touch $@

$(DEV_READY): requirements/dev.txt $(TEST_READY)
	@echo "Installing what linting and building need (once) …"
	@$(INSTALL) requirements/dev.txt
	@touch $@
