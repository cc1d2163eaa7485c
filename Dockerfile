# Build:  docker build -t morsel .
# Run:    docker run --init --env-file .env --volume morsel:/data morsel
# Other verbs (backup, check, erase, migrate, why) take the place of `run --migrate`.

FROM python:3.11-slim AS build
# The CPU build: a plain installation would bring about 3 GB of CUDA that the encoder doesn't use.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/torch.txt requirements/runtime.lock /requirements/
RUN pip install --no-deps --require-hashes --index-url "$TORCH_INDEX" -r /requirements/torch.txt
RUN pip install --no-deps --require-hashes -r /requirements/runtime.lock && pip check

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin morsel \
    && install --directory --owner morsel --group morsel /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite+aiosqlite:////data/morsel.sqlite3
WORKDIR /srv/morsel
COPY pyproject.toml LICENSE ./
COPY models models
COPY migrations migrations
COPY bot bot
COPY cogs cogs
USER morsel
VOLUME /data
HEALTHCHECK --interval=5m --timeout=1m --start-period=2m CMD python -m bot check || exit 1
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run", "--migrate"]
