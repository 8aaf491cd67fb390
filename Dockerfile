# Assets are built with Node, packages are installed with pip; the image that runs has neither.
FROM node:20-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY static static
RUN npm run build

FROM python:3.11-slim AS packages
COPY requirements/base.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.11-slim
# The letters are written with Pango.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app techforce \
    && install -d -o techforce /app /media
WORKDIR /app
COPY --from=packages /venv /venv
COPY --chown=techforce . .
COPY --from=assets --chown=techforce /app/static/dist static/dist
USER techforce
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# Collecting files asks for settings, but for no server and no secret.
RUN SECRET_KEY=unused-while-building DATABASE_URL=postgres://unused/unused python manage.py collectstatic --no-input
EXPOSE 8000
