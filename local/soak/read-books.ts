import type { ResolvedResource } from '../twin/assembly/resolved-resource.ts';
import type { Twin } from '../twin/twin.ts';
import type { Books, StoredNotification, StoredPost } from './ledger.ts';

type Item = Readonly<Record<string, { readonly S?: string } | undefined>>;

/** What the tables hold. */
export async function readTables(twin: Twin): Promise<Pick<Books, 'stored' | 'notifications' | 'storedFollows'>> {
  const text = (item: Item, name: string): string => item[name]?.S ?? '';
  const stored = (await scan(twin, 'Posts')).map(
    (item): StoredPost => ({ postId: text(item, 'postId'), text: text(item, 'text') }),
  );
  const notifications = (await scan(twin, 'Notifications')).map(
    (item): StoredNotification => ({ recipientId: text(item, 'recipientId'), postId: text(item, 'postId') }),
  );
  const follows = await scan(twin, 'Follows');
  const storedFollows = new Set(follows.map((item) => `${text(item, 'followerId')} ${text(item, 'followeeId')}`));
  return { stored, notifications, storedFollows };
}

async function scan(twin: Twin, table: string): Promise<Item[]> {
  const resource = tableOf(twin.resources, table);
  const items: Item[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await twin.callAws('dynamodb', 'Scan', {
      TableName: resource.physicalId,
      ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
    });
    items.push(...(page.Items as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

function tableOf(resources: readonly ResolvedResource[], name: string): ResolvedResource {
  const found = resources.find(({ type, path }) => /^AWS::DynamoDB::/.test(type) && path.includes(`/${name}/`));
  if (found) return found;
  throw new Error(`the assembly has no table '${name}'; the soak is for Spillway's own stages`);
}
